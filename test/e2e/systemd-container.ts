import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {inContainer, tryInContainer} from './docker-machine.js'
import {typedBy, type Ran, type RealJhub} from './real-jhub.js'
import {until} from './until.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bareImage = 'jhub-lab/debian-systemd:trixie'
const image = 'jhub-e2e/debian-systemd:trixie'
/** Runs jhub, and has it end before the hub when memory runs out: systemd may not see to that in every container. */
const beforeHub = 'echo 100 >/proc/self/oom_score_adj; exec node "$0" "$@"'
const certificates = '/etc/ssl/certs/ca-certificates.crt'

/** Why tests on a bare systemd machine cannot be run here; `undefined` when they can. */
export async function whyNoSystemdImage(): Promise<string | undefined> {
  const {exitCode} = await execa('docker', ['image', 'inspect', bareImage], {reject: false, timeout: 120_000})
  return exitCode === 0 ? undefined : `no Docker engine with the image ${bareImage} is here`
}

/** The bare machine, and what Debian's own installer puts on every one. */
async function buildImage(): Promise<void> {
  const packages = 'apt-get install --yes --no-install-recommends iproute2 nftables'
  const lines = [`FROM ${bareImage}`, `RUN apt-get update && ${packages} && rm -rf /var/lib/apt/lists/*`]
  await execa('docker', ['build', '--quiet', '--tag', image, '-'], {
    input: lines.join('\n'),
    env: {DOCKER_BUILDKIT: '0'},
  })
}

/** A bare Debian with systemd, sshd and sudo, as somebody rents it. */
export async function startSystemdContainer(name: string, words: readonly string[] = []): Promise<void> {
  await execa('docker', ['rm', '-f', '-v', name], {reject: false})
  await buildImage()
  const trust =
    process.env['SSL_CERT_FILE'] === undefined ? [] : ['-v', `${process.env['SSL_CERT_FILE']}:${certificates}:ro`]
  const how = [
    '--privileged',
    '--cgroupns=private',
    '--tmpfs',
    '/run',
    '--tmpfs',
    '/tmp:exec',
    '-e',
    'container=docker',
  ]
  await execa('docker', ['run', '-d', '--name', name, ...how, ...trust, ...words, image, '/sbin/init'])
  await until(`${name} has booted`, async () => {
    const {stdout} = await tryInContainer(name, 'systemctl', 'is-system-running')
    return ['running', 'degraded'].includes(stdout)
  })
}

/** The built product, run inside a container by an account of it: one that may use sudo, unless another is named. */
export function jhubInside(
  container: string,
  options: {readonly port: number; readonly name: string; readonly directory: string; readonly account?: string},
): RealJhub {
  const {port, name, directory, account = 'admin'} = options
  const places = {
    JHUB_CONFIG_DIR: path.join(directory, 'config'),
    JHUB_STATE_DIR: path.join(directory, 'state'),
    JHUB_DATA_DIR: path.join(directory, 'data'),
    JHUB_MACHINE: 'host',
    JHUB_NAME: name,
    SSL_CERT_FILE: certificates,
    NO_COLOR: '1',
  }
  const variables = Object.entries(places).flatMap(([key, value]) => ['-e', `${key}=${value}`])
  const runWithInput = async (input: string, ...words: string[]): Promise<Ran> => {
    const argv = [
      'exec',
      '-i',
      '-u',
      account,
      ...variables,
      container,
      'sh',
      '-c',
      beforeHub,
      path.join(root, 'bin', 'run.js'),
      ...words,
    ]
    const {exitCode, stdout, stderr} = await execa('docker', argv, {input, reject: false, timeout: 600_000})
    return {exitCode: exitCode ?? -1, stdout, stderr}
  }
  return {
    directory,
    name,
    port,
    environment: places,
    program: [path.join(root, 'bin', 'run.js')],
    ...typedBy(runWithInput),
    async dispose() {
      await execa('docker', ['rm', '-f', '-v', container], {reject: false})
    },
  }
}

/** What the container needs for `jhubInside`: our checkout, our Node and an account with sudo. */
export function mountsFor(directory: string): readonly string[] {
  const volumes = [`${root}:${root}:ro`, `${process.execPath}:/usr/local/bin/node:ro`, `${directory}:${directory}`]
  return volumes.flatMap((volume) => ['-v', volume])
}

export async function addAdmin(container: string): Promise<void> {
  await inContainer(container, 'useradd', '--create-home', '--shell', '/bin/bash', 'admin')
  await inContainer(container, 'sh', '-c', 'echo "admin ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/admin')
}

/** Lets `ssh` of this machine into the container, by a key and a configuration of the test's own; gives the `PATH` with it. */
export async function openSsh(
  container: string,
  directory: string,
): Promise<{readonly address: string; readonly path: string}> {
  const key = path.join(directory, 'key')
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  await inContainer(container, 'install', '-d', '-m', '700', '-o', 'admin', '/home/admin/.ssh')
  const publicKey = await readFile(`${key}.pub`, 'utf8')
  await execa('docker', ['exec', '-i', container, 'tee', '/home/admin/.ssh/authorized_keys'], {input: publicKey})
  await inContainer(container, 'systemctl', 'start', 'ssh')
  const {stdout: address} = await execa('docker', ['inspect', '-f', '{{.NetworkSettings.IPAddress}}', container])
  const config = path.join(directory, 'ssh_config')
  const lines = [
    `IdentityFile ${key}`,
    'StrictHostKeyChecking no',
    `UserKnownHostsFile ${directory}/known_hosts`,
    'LogLevel ERROR',
  ]
  await writeFile(config, `Host *\n${lines.map((line) => `  ${line}\n`).join('')}`)
  const bin = path.join(directory, 'bin')
  await mkdir(bin)
  const {stdout: ssh} = await execa('sh', ['-c', 'command -v ssh'])
  await writeFile(path.join(bin, 'ssh'), `#!/bin/sh\nexec ${ssh} -F ${config} "$@"\n`)
  await chmod(path.join(bin, 'ssh'), 0o755)
  return {address: `ssh://admin@${address}`, path: `${bin}:${process.env['PATH'] ?? ''}`}
}
