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

  /** Runs words of a shell in a fresh machine without network that has the release in /release. */
  const inFresh = async (image: string, words: string) => {
    const {stdout: id} = await execa('docker', ['create', '--network', 'none', image, 'sh', '-c', words])
    try {
      await execa('docker', ['cp', release, `${id}:/release`])
      await execa('docker', ['start', id])
      // What is attached to a container that ends at once may see nothing of it.
      const exitCode = Number((await execa('docker', ['wait', id])).stdout)
      const {all, stdout} = await execa('docker', ['logs', id], {all: true})
      return {all, stdout, exitCode}
    } finally {
      await execa('docker', ['rm', '--force', '--volumes', id])
    }
  }

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
