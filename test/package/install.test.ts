import {appendFile, chmod, copyFile, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const systems = ['bookworm', 'trixie']

/** A fresh userland of that Debian as an image: Docker's own where it is here, else one made of Debian's packages. */
async function debianImage(release: string): Promise<string | undefined> {
  for (const image of [`debian:${release}-slim`, `jhub-test/debian:${release}`]) {
    if ((await execa('docker', ['image', 'inspect', image], {reject: false})).exitCode === 0) return image
  }
  if ((await execa('docker', ['pull', '--quiet', `debian:${release}-slim`], {reject: false})).exitCode === 0)
    return `debian:${release}-slim`
  const made = await execa('mmdebstrap', ['--quiet', '--variant=minbase', release, '-'], {
    reject: false,
    encoding: 'buffer',
    maxBuffer: 1024 ** 3,
  })
  if (made.exitCode !== 0) return undefined
  await execa('docker', ['import', '-', `jhub-test/debian:${release}`], {input: made.stdout})
  return `jhub-test/debian:${release}`
}

/** Runs words of a shell in a fresh machine of that image, which has these directories and files of this one. */
async function inMachine(
  image: string,
  {
    words,
    files,
    network,
    env = {},
  }: {words: string; files: Readonly<Record<string, string>>; network: string; env?: Readonly<Record<string, string>>},
) {
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const {stdout: id} = await execa('docker', ['create', '--network', network, ...variables, image, 'sh', '-c', words])
  try {
    for (const [here, there] of Object.entries(files))
      await execa('docker', ['cp', '--follow-link', here, `${id}:${there}`])
    await execa('docker', ['start', id])
    // What is attached to a container that ends at once may see nothing of it.
    const exitCode = Number((await execa('docker', ['wait', id])).stdout)
    const {all, stdout} = await execa('docker', ['logs', id], {all: true})
    return {all, stdout, exitCode}
  } finally {
    await execa('docker', ['rm', '--force', '--volumes', id])
  }
}

const hasDocker = (await execa('docker', ['info'], {reject: false, timeout: 10_000})).exitCode === 0

describe.skipIf(!hasDocker)('the install script (skipped where no Docker engine answers)', () => {
  let release = ''
  let tarball = ''

  beforeAll(async () => {
    release = await mkdtemp(path.join(tmpdir(), 'jhub-release-'))
    await chmod(release, 0o755)
    tarball = path.basename((await execa('npm', ['run', '-s', 'release-tarball', '--', release], {cwd: root})).stdout)
  }, 300_000)
  afterAll(() => rm(release, {recursive: true, force: true}))

  /** In a fresh machine without network that has the release in /release. */
  const inFresh = (image: string, words: string) =>
    inMachine(image, {words, files: {[release]: '/release'}, network: 'none'})

  it.each(systems)(
    'installs, runs, installs again and goes away on Debian %s, as root and as somebody',
    async (system) => {
      const image = await debianImage(system)
      if (image === undefined) throw new Error(`no image of Debian ${system}: pull one, or install mmdebstrap`)
      const install = `sh /release/install.sh /release/${tarball}`
      const asRoot = await inFresh(image, `${install} && ${install} && jhub --version && jhub help exit-codes`)
      expect(asRoot.all).toContain('Installed jhub')
      expect(asRoot.all).toContain('Next:   jhub up')
      expect(asRoot.all).toContain('Interrupted.')
      expect(asRoot.exitCode).toBe(0)
      const somebody = `useradd --create-home ana && su ana -c '${install} && ~/.local/bin/jhub --version && rm -r ~/.local/lib/jhub ~/.local/bin/jhub ~/.cache/jhub && find ~ /tmp -name "*jhub*"'`
      const asAna = await inFresh(image, somebody)
      expect(asAna.all).toContain('export PATH="/home/ana/.local/bin:$PATH"')
      expect(asAna.stdout.split('\n').at(-1)).toMatch(/^jhub \d/)
      expect(asAna.exitCode).toBe(0)
    },
    300_000,
  )

  it('refuses a tarball that was changed on the way, one without a digest, and plain http', async () => {
    const image = await debianImage('trixie')
    if (image === undefined) throw new Error('no image of Debian trixie')
    await copyFile(path.join(release, tarball), path.join(release, 'changed.tar.gz'))
    await copyFile(path.join(release, `${tarball}.sha256`), path.join(release, 'changed.tar.gz.sha256'))
    await appendFile(path.join(release, 'changed.tar.gz'), 'x')
    await copyFile(path.join(release, tarball), path.join(release, 'bare.tar.gz'))
    const changed = await inFresh(image, 'sh /release/install.sh /release/changed.tar.gz')
    expect(changed.all).toContain('the digest of the tarball is')
    expect(changed.exitCode).toBe(3)
    const bare = await inFresh(image, 'sh /release/install.sh /release/bare.tar.gz')
    expect(bare.all).toContain('Give the digest with --sha256')
    expect(bare.exitCode).toBe(3)
    const plain = await inFresh(image, 'sh /release/install.sh http://127.0.0.1/jhub.tar.gz')
    expect(plain.all).toContain('plain http')
    const foreign = await inFresh(
      image,
      `touch /usr/local/bin/jhub; sh /release/install.sh /release/${tarball}; ls /usr/local/lib`,
    )
    expect(foreign.all).toContain('this script did not make it')
    expect(foreign.stdout).not.toContain('jhub')
  }, 300_000)
})

describe.skipIf(!hasDocker)('npm install -g of the packed tarball (skipped where no Docker engine answers)', () => {
  let directory = ''
  let packed = ''

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'jhub-packed-'))
    const {stdout} = await execa('npm', ['pack', '--silent', '--pack-destination', directory], {cwd: root})
    packed = path.join(directory, stdout.trim().split('\n').at(-1) ?? '')
  }, 300_000)
  afterAll(() => rm(directory, {recursive: true, force: true}))

  const npmSetting = async (name: string) => (await execa('npm', ['config', 'get', name])).stdout.trim()

  it.each(systems)(
    'installs a jhub that runs on Debian %s',
    async (system) => {
      const image = await debianImage(system)
      if (image === undefined) throw new Error(`no image of Debian ${system}: pull one, or install mmdebstrap`)
      const npm = path.join((await execa('npm', ['root', '--global'])).stdout.trim(), 'npm')
      // The registry of this machine's own npm, and the authorities that it trusts.
      const [registry, authorities] = await Promise.all([npmSetting('registry'), npmSetting('cafile')])
      const trusts = path.isAbsolute(authorities)
      const {all, stdout, exitCode} = await inMachine(image, {
        words: [
          'ln -s /npm/bin/npm-cli.js /usr/local/bin/npm',
          'npm install --global --no-audit --no-fund /jhub.tgz',
          'jhub help exit-codes',
          'jhub --version',
        ].join(' && '),
        files: {
          [path.join(root, 'node_modules/node/bin/node')]: '/usr/local/bin/node',
          [npm]: '/npm',
          [packed]: '/jhub.tgz',
          ...(trusts ? {[authorities]: '/authorities.crt'} : {}),
        },
        network: 'bridge',
        env: {npm_config_registry: registry, ...(trusts ? {npm_config_cafile: '/authorities.crt'} : {})},
      })
      expect(all).toContain('Interrupted.')
      expect(stdout.split('\n').at(-1)).toMatch(/^jhub \d/)
      expect(exitCode).toBe(0)
    },
    300_000,
  )
})
