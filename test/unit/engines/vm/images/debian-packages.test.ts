import {beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../../../../src/errors.js'
import {
  debianPackageFindings,
  ensureDebianPackages,
} from '../../../../../src/engines/vm/steps/software/ensure-debian-packages.js'
import type {CommandOptions} from '../../../../../src/host/processes/commands.js'
import type {Machine} from '../../../../../src/engines/vm/machines/machine.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {runSteps} from '../../../../../src/steps/run-steps.js'

const archive = new Map([
  ['git', 'git'],
  ['r-cran-irkernel', 'r-cran-irkernel'],
  ['editor', 'nano'],
])

/** Debian's programs, with what they say in Debian 13. */
class FakeDebian {
  readonly installed = new Set(['python3'])
  readonly runs: (readonly string[])[] = []
  /** Of the last installation. */
  environment: CommandOptions['env']
  reachesArchive = true
  hasBrokenList = false
  /** What a run before left when it was killed: its own record, and perhaps a package without those that it needs. */
  isHalfConfigured = false
  isHalfUnpacked = false
  /** What apt-get says in place of installing. */
  refusal: string | undefined
  takesDebianPackages = true

  machine(): Pick<Machine, 'run' | 'facts' | 'title'> {
    return {
      title: this.takesDebianPackages ? 'docker' : 'process',
      facts: {
        platform: 'linux',
        architecture: 'x64',
        uid: 0,
        userName: 'root',
        networkEnvironment: {https_proxy: 'http://proxy'},
        ...(this.takesDebianPackages ? {takesDebianPackages: true as const} : {}),
      },
      run: async (argv, options) => {
        if (argv.includes('install')) this.environment = options?.env
        const {stdout = '', exitCode = 0} = this.run(argv)
        const {okExitCodes = [0]} = options ?? {}
        if (!okExitCodes.includes(exitCode))
          throw new JhubError('JHUB-E201', `${argv.join(' ')} ended with ${String(exitCode)}`, {
            details: {output: stdout},
          })
        return {stdout, stderr: '', exitCode}
      },
    }
  }

  private run(argv: readonly string[]): {readonly stdout?: string; readonly exitCode?: number} {
    if (argv[0] === 'dpkg-query')
      return {
        stdout: [...this.installed]
          .map((name) => `${name} installed`)
          .concat('old config-files')
          .join('\n'),
      }
    this.runs.push(argv)
    if (argv.includes('update')) {
      if (this.hasBrokenList) return {stdout: unsigned, exitCode: 100}
      return {stdout: this.reachesArchive ? 'Reading package lists...' : unreachable}
    }
    const known = this.reachesArchive ? [...archive.keys()] : []
    if (argv[0] === 'apt-cache' && argv[1] === 'show') {
      const found = argv.slice(3).filter((name) => known.includes(name))
      if (found.length === 0) return {exitCode: 100}
      return {stdout: found.map((name) => `Package: ${name}\nVersion: 1`).join('\n')}
    }
    if (argv[0] === 'apt-cache') return {stdout: known.filter((name) => name.startsWith(argv[2] ?? '')).join('\n')}
    if (argv[0] === 'dpkg') {
      this.isHalfConfigured = false
      return {exitCode: this.isHalfUnpacked ? 1 : 0}
    }
    return this.install(argv)
  }

  private install(argv: readonly string[]): {readonly stdout?: string; readonly exitCode?: number} {
    if (this.isHalfConfigured) return {stdout: interrupted, exitCode: 100}
    if (this.refusal !== undefined) return {stdout: this.refusal, exitCode: 100}
    if (argv.includes('--fix-broken')) this.isHalfUnpacked = false
    else if (this.isHalfUnpacked) return {stdout: broken, exitCode: 100}
    else for (const name of argv.slice(argv.indexOf('--') + 1)) this.installed.add(archive.get(name) ?? name)
    return {}
  }
}

const unreachable = 'W: Failed to fetch http://deb.debian.org/debian/dists/trixie/InRelease  Unable to connect'
const unsigned = "E: The repository 'http://example.org/apt stable InRelease' is not signed."
const interrupted = "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem."
const broken = `The following packages have unmet dependencies:
 git : Depends: git-man but it is not going to be installed
E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).`
const specWith = (images: string) =>
  parseHubSpec(`version: 1\nname: class\nmode: vm\nusers: [ana]\nimages: ${images}\n`)
const both = specWith('{r: {apt: [r-cran-irkernel, git]}, data: {packages: [pandas], apt: [git]}}')

let debian: FakeDebian
beforeEach(() => {
  debian = new FakeDebian()
})

const install = (spec = both) =>
  runSteps(ensureDebianPackages(debian.machine(), spec), {signal: new AbortController().signal})
const failure = (spec = both) => install(spec).catch((error: unknown) => error)

describe('Debian packages of images', () => {
  it('are installed once for all images, and nothing is done when they are there', async () => {
    expect(await install()).toMatchObject([{summary: 'install the Debian packages r-cran-irkernel, git'}])
    expect([...debian.installed]).toEqual(['python3', 'r-cran-irkernel', 'git'])
    const {length} = debian.runs
    expect([await install(), debian.runs.length]).toEqual([[], length])
    debian.installed.delete('git')
    expect(await install()).toMatchObject([{summary: 'install the Debian packages git'}])
    expect(debian.runs.at(-1)?.slice(-2)).toEqual(['--', 'git'])
  })

  it('cost nothing where no image names one', async () => {
    const plain = specWith('{data: {packages: [pandas]}}')
    expect(ensureDebianPackages(debian.machine(), plain)).toEqual([])
    expect(await debianPackageFindings(debian.machine(), plain)).toEqual([])
  })

  it('take no other package away, and are never a pattern', async () => {
    await install()
    const words = debian.runs.at(-1) ?? []
    expect(words).toEqual(expect.arrayContaining(['--no-remove', '--no-install-recommends', '--yes']))
    expect(words.join(' ')).toContain('APT::Cmd::Pattern-Only=true')
  })

  it('are named where Debian does not have them, with the nearest name, before any is installed', async () => {
    const error = await failure(specWith('{r: {apt: [git, r-cran-irkernell]}}'))
    expect(error).toMatchObject({
      code: 'JHUB-E221',
      message: "The machine's Debian has no package r-cran-irkernell; did you mean r-cran-irkernel?",
    })
    expect([...debian.installed]).toEqual(['python3'])
  })

  it('are asked for by their own name: what another package provides is none', async () => {
    expect(await failure(specWith('{r: {apt: [editor]}}'))).toMatchObject({
      code: 'JHUB-E221',
      message: 'apt-get installed editor, and no package of that name is there',
    })
  })

  it.each([
    {isHalfConfigured: true, isHalfUnpacked: false},
    {isHalfConfigured: true, isHalfUnpacked: true},
    {isHalfConfigured: false, isHalfUnpacked: true},
  ])('are finished when an installation before was killed: %j', async (left) => {
    Object.assign(debian, left)
    await install()
    expect(debian.runs.map(([program, word]) => `${program ?? ''} ${word ?? ''}`)).toContain('dpkg --configure')
    expect(debian.runs.find((words) => words.includes('--fix-broken')) ?? []).toContain('--no-remove')
    expect(debian.installed).toContain('git')
  })

  it('are installed while nothing that runs is started anew', async () => {
    await install()
    expect(debian.environment).toMatchObject({NEEDRESTART_SUSPEND: '1', NEEDRESTART_MODE: 'l'})
  })

  it('say at once that the archive cannot be reached', async () => {
    debian.reachesArchive = false
    const error = await failure()
    expect(error).toMatchObject({code: 'JHUB-E205'})
    expect((error as Error).message).toContain("Debian's package archive could not be reached")
  })

  it('are installed beside a list of others that is broken, which is told only where one is missing', async () => {
    debian.hasBrokenList = true
    await install()
    expect(debian.installed).toContain('git')
    const error = await failure(specWith('{r: {apt: [r-cran-irkernell]}}'))
    expect(error).toMatchObject({code: 'JHUB-E201', cause: {message: unsigned}})
    expect((error as Error).message).toContain('r-cran-irkernell')
  })

  it.each([
    [
      "E: You don't have enough free space in /var/cache/apt/archives/.\nE: write (28: No space left on device)",
      'JHUB-E209',
      'No space left',
    ],
    [
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (apt-get)',
      'JHUB-E401',
      'Another program installs',
    ],
    ['E: Packages need to be removed but remove is disabled.', 'JHUB-E221', 'does not remove those'],
    ['E: Failed to fetch http://deb.debian.org/debian/pool/g.deb  404  Not Found', 'JHUB-E205', 'could not be reached'],
    [
      "Package awk is a virtual package provided by:\nE: Package 'awk' has no installation candidate",
      'JHUB-E221',
      'awk is not a package itself',
    ],
    [broken, 'JHUB-E221', 'half installed'],
    ['E: Something else', 'JHUB-E201', 'ended with 100'],
  ])('tell why apt-get refused: %s', async (output, code, sentence) => {
    debian.refusal = output
    const error = await failure()
    expect(error).toMatchObject({code})
    expect((error as Error).message).toContain(sentence)
  })

  it('are refused where jhub installs none, and where there is no apt', async () => {
    debian.takesDebianPackages = false
    expect(await failure()).toMatchObject({
      code: 'JHUB-E200',
      message: 'No Debian packages can be installed: jhub installs none on the process machine',
    })
    const [step] = ensureDebianPackages(debian.machine(), both)
    expect((await step?.check())?.summary).toContain('(not possible: jhub installs none on the process machine)')
    const [finding] = await debianPackageFindings(debian.machine(), both)
    expect(finding).toMatchObject({state: 'problem', needed: 'r-cran-irkernel, git'})
    expect(debian.runs).toEqual([])

    const redHat = {
      ...new FakeDebian().machine(),
      run: () => Promise.reject(new JhubError('JHUB-E201', 'dpkg-query could not be run')),
    }
    await expect(runSteps(ensureDebianPackages(redHat, both), {signal: new AbortController().signal})).rejects.toThrow(
      'neither Debian nor Ubuntu',
    )
  })

  it('are looked at by doctor', async () => {
    expect(await debianPackageFindings(debian.machine(), both)).toMatchObject([
      {state: 'warning', found: 'not installed: r-cran-irkernel, git', needed: 'by the images r, data'},
    ])
    await install()
    expect(await debianPackageFindings(debian.machine(), both)).toMatchObject([
      {state: 'ok', found: 'r-cran-irkernel, git'},
    ])
  })
})
