import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {CondaEnvironment} from '../../../hub-spec/images/conda-environment.js'
import {condaVersions, type CondaLock} from '../../../hub-spec/images/conda-lock.js'
import {translateInstallError} from '../../images/install-error.js'
import {translateResolveError} from '../../images/resolve-error.js'
import type {Machine} from '../machines/machine.js'
import {askConda, type CondaTools} from './conda-program.js'
import {uvEnvironment} from '../packages/find-uv.js'
import {installLocked, installMs} from '../packages/locks/install-locked.js'
import {withScratchDirectory} from '../packages/scratch-directory.js'
import {readInstalled} from '../packages/programs-seen.js'

interface Chosen {
  readonly url: string
  readonly sha256: string
  readonly name: string
  readonly version: string
  readonly isPython: 'yes' | 'no'
}

export interface CondaOptions {
  readonly image: string
  readonly environment: CondaEnvironment
  readonly signal?: AbortSignal | undefined
}

/** Chooses the conda packages of an image's kernels, and what pip adds to them. */
export async function resolveConda(tools: CondaTools, wanted: CondaOptions): Promise<CondaLock> {
  const {image, environment, signal} = wanted
  const {channels, dependencies: specs, variables} = environment
  const chosen = (await askConda(tools, {image, words: ['choose'], asked: {channels, specs}, signal})) as Chosen[]
  return {
    packages: chosen.map(({url, sha256}) => `${url}#sha256:${sha256}`),
    pip: await resolvePip(tools, wanted, chosen),
    variables,
  }
}

/** A version as pip compares it; conda has others. */
const pipVersion = /^\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.post\d+)?$/

/** Packages of conda stay as they are; of what a kernel of Python needs, pip adds what conda does not have. */
async function resolvePip(
  tools: CondaTools,
  {image, environment, signal}: CondaOptions,
  chosen: readonly Chosen[],
): Promise<string> {
  const python = chosen.find(({name}) => name === 'python')?.version
  if (python === undefined) {
    if (environment.pip.length === 0) return ''
    throw new JhubError('JHUB-E221', `The image ${image} cannot be made: it has packages of pip and no python`, {
      fix: 'Add python to the dependencies of the file',
    })
  }
  const wanted = [...environment.pip, ...(chosen.some(({name}) => name === 'ipykernel') ? [] : ['ipykernel'])]
  if (wanted.length === 0) return ''
  const own = chosen.filter(({isPython}) => isPython === 'yes')
  const {machine} = tools
  return withScratchDirectory(machine, `choosing-${image}`, async (file) => {
    const pins = own.filter(({version}) => pipVersion.test(version)).map(({name, version}) => `${name}==${version}`)
    await machine.files.write(file('wanted.in'), `${wanted.join('\n')}\n`)
    await machine.files.write(file('constraints.txt'), `${pins.join('\n')}\n`)
    const words = ['--quiet', '--generate-hashes', '--no-header', '--no-annotate', '--python', await tools.python()]
    const version = ['--python-version', python.split('.').slice(0, 2).join('.')]
    const left = own.flatMap(({name}) => ['--no-emit-package', name])
    const place = ['--constraints', file('constraints.txt'), file('wanted.in'), '--output-file', file('lock.txt')]
    try {
      await machine.run([await tools.uv(), 'pip', 'compile', ...words, ...version, ...left, ...place], {
        cwd: '/',
        timeoutMs: installMs,
        env: uvEnvironment(machine),
        ...definedOnly({signal}),
      })
    } catch (error) {
      throw translateResolveError(error, {image, own: pins, owner: 'the conda environment has'})
    }
    return (await machine.files.read(file('lock.txt'))) ?? ''
  })
}

/** Where the conda packages of an image stand, within its environment. */
export function condaPrefix(environment: string): string {
  return path.posix.join(environment, 'conda')
}

export interface CondaInstall {
  readonly image: string
  readonly lock: CondaLock
  /** Of the image, with the standard server in it. */
  readonly environment: string
  readonly signal: AbortSignal
  readonly report: (text: string) => void
}

/** Installs exactly the lock, and offers its kernels beside Python's. */
export async function installConda(tools: CondaTools, install: CondaInstall): Promise<void> {
  const {image, lock, environment, signal, report} = install
  const {machine} = tools
  const prefix = condaPrefix(environment)
  const packages = lock.packages.map((line) => {
    const [url = '', sha256 = ''] = line.split('#sha256:')
    return {url, sha256}
  })
  report(`${String(packages.length)} conda packages`)
  await askConda(tools, {image, words: ['install', prefix, machine.layout.condaCache], asked: {packages}, signal})
  if (lock.pip !== '') {
    try {
      await installLocked(machine, {
        uv: await tools.uv(),
        words: ['--python', path.posix.join(prefix, 'bin', 'python'), '-r', '-'],
        options: {signal, env: uvEnvironment(machine), stdin: lock.pip},
      })
    } catch (error) {
      throw translateInstallError(error, `the image ${image}`)
    }
  }
  const {variables} = lock
  await askConda(tools, {image, words: ['kernels', prefix, environment, image], asked: {variables}, signal})
}

/** What stands in the conda packages of an image: theirs, and what pip added. */
export async function readInstalledConda(
  machine: Pick<Machine, 'files'>,
  environment: string,
): Promise<ReadonlyMap<string, string>> {
  const prefix = condaPrefix(environment)
  const records = (await machine.files.list(path.posix.join(prefix, 'conda-meta'))) ?? []
  const conda = condaVersions({
    packages: records.map((name) => `/${name.replace(/\.json$/, '.conda')}#sha256:${'0'.repeat(64)}`),
  })
  return new Map([...(await readInstalled(machine, prefix)), ...conda])
}
