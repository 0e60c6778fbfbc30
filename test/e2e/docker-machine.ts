import {readdir} from 'node:fs/promises'
import {execa} from 'execa'
import {serveCondaChannel} from './conda-channel.js'
import type {Expected} from './hub-journey.js'
import {byCgroup} from './process-machine.js'

/** Why tests on a Docker engine cannot be run here; `undefined` when they can. */
export async function whyNoDocker(): Promise<string | undefined> {
  const {exitCode, stderr} = await execa('docker', ['info'], {reject: false, timeout: 120_000})
  return exitCode === 0
    ? undefined
    : `no Docker engine answers here (${stderr.split('\n').at(-1) ?? 'no docker program'})`
}

/** Runs a program in a container and gives what it printed. */
export async function inContainer(container: string, ...argv: string[]): Promise<string> {
  return (await execa('docker', ['exec', container, ...argv])).stdout
}

/** What a program in a container ended with. Throws where it could not run there, as in a container that has ended. */
export async function tryInContainer(
  container: string,
  ...argv: string[]
): Promise<{readonly exitCode: number; readonly stdout: string}> {
  const {exitCode, stdout, stderr} = await execa('docker', ['exec', container, ...argv], {reject: false})
  if (exitCode === undefined || stderr.startsWith('Error')) throw new Error(stderr)
  return {exitCode, stdout}
}

/** Does something while a container may take 150 MB more than it has: room for a jhub inside, not for large packages. */
export async function withLittleMemory<T>(container: string, work: () => Promise<T>): Promise<T> {
  const limit = (memory: string) => execa('docker', ['update', '--memory', memory, '--memory-swap', memory, container])
  const {stdout} = await execa('docker', ['stats', '--no-stream', '--format', '{{.MemUsage}}', container])
  const [, amount = '', unit = ''] = /^([\d.]+)([MG])iB/.exec(stdout) ?? []
  await limit(`${String(Math.ceil(Number(amount) * (unit === 'G' ? 1024 : 1)) + 150)}m`)
  try {
    return await work()
  } finally {
    await limit('16g')
  }
}

async function dockerNames(kind: 'volume' | 'container', name: string): Promise<readonly string[]> {
  const words = kind === 'volume' ? ['volume', 'ls', '-q'] : ['ps', '-a', '--format', '{{.Names}}']
  const {stdout} = await execa('docker', words)
  return stdout.split('\n').filter((line) => line.startsWith(`jhub-${name}`))
}

/** How to look behind a hub in a container, with the docker command and not with jhub. */
export const inDocker: Expected = {
  memoryCode: byCgroup,
  place: ['--machine', 'docker'],
  changesLive: true,
  madeUpPeople: 5,
  condaChannel: (hub) => serveCondaChannel(['exec', '-i', `jhub-${hub}`]),
  forksOf:
    (hub) =>
    (...argv) =>
      inContainer(`jhub-${hub}`, ...argv),
  async readHome(jhub, account, file) {
    const container = `jhub-${jhub.name}`
    return inContainer(container, 'cat', `/opt/jhub/data/${jhub.name}/homes/${account}/${file}`)
  },
  async serverId(jhub) {
    const unit = `jhub-${jhub.name}.ana.server`
    const pid = await inContainer(`jhub-${jhub.name}`, 'systemctl', 'show', unit, '--property=MainPID', '--value')
    return pid === '0' ? '' : pid
  },
  async leftovers(jhub) {
    const files = await readdir(jhub.environment['JHUB_STATE_DIR'] ?? '', {recursive: true})
    const volumes = (await dockerNames('volume', jhub.name)).filter((name) => !name.endsWith('-data'))
    return [...files, ...volumes, ...(await dockerNames('container', jhub.name))]
  },
  async dataLeft(jhub) {
    return dockerNames('volume', jhub.name)
  },
}
