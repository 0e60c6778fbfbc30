import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import {condaVersions} from '../../../hub-spec/images/conda/conda-lock.js'
import type {ChosenPackage, CondaChooser, CondaInstaller} from '../../images/conda/conda-place.js'
import {translateInstallError} from '../../images/errors/install-error.js'
import type {Machine} from '../machines/machine.js'
import {askConda, type CondaTools} from './conda-program.js'
import {uvEnvironment} from '../packages/find-uv.js'
import {installLocked, installMs, removeLock} from '../packages/locks/install-locked.js'
import {withScratchDirectory} from '../packages/scratch-directory.js'
import {readInstalled} from '../packages/programs-seen.js'

export interface CondaOnMachine {
  readonly image: string
  readonly signal?: AbortSignal | undefined
}

/** Where the conda packages of an image stand, within its environment. */
function condaPrefix(environment: string): string {
  return path.posix.join(environment, 'conda')
}

/** Chooses conda packages on a machine. */
export function chooseOnMachine(tools: CondaTools, {image, signal}: CondaOnMachine): CondaChooser {
  const {machine} = tools
  return {
    choose: async ({channels, dependencies: specs}) =>
      (await askConda(tools, {image, words: ['choose'], asked: {channels, specs}, signal})) as ChosenPackage[],
    choosePip: ({requirements, constraints, left, python}) =>
      withScratchDirectory(machine, `choosing-${image}`, async (file) => {
        await machine.files.write(file('wanted.in'), `${requirements.join('\n')}\n`)
        await machine.files.write(file('constraints.txt'), `${constraints.join('\n')}\n`)
        const words = ['--quiet', '--generate-hashes', '--no-header', '--no-annotate', '--python', await tools.python()]
        const wanted = ['--python-version', python, ...left.flatMap((name) => ['--no-emit-package', name])]
        const place = ['--constraints', file('constraints.txt'), file('wanted.in'), '--output-file', file('lock.txt')]
        await machine.run([await tools.uv(), 'pip', 'compile', ...words, ...wanted, ...place], {
          cwd: '/',
          timeoutMs: installMs,
          env: uvEnvironment(machine),
          ...definedOnly({signal}),
        })
        return (await machine.files.read(file('lock.txt'))) ?? ''
      }),
  }
}

/** Installs conda packages into the environment of an image, which has the standard server in it. */
export function installOnMachine(
  tools: CondaTools,
  environment: string,
  {image, signal}: CondaOnMachine,
): CondaInstaller {
  const {machine} = tools
  const prefix = condaPrefix(environment)
  const ask = (words: readonly string[], asked: object) => askConda(tools, {image, words, asked, signal})
  return {
    async install(packages) {
      await ask(['install', prefix, machine.layout.condaCache], {packages})
    },
    async installPip(lock) {
      try {
        await installLocked(machine, {
          uv: await tools.uv(),
          words: ['--python', path.posix.join(prefix, 'bin', 'python'), '-r', '-'],
          options: {env: uvEnvironment(machine), stdin: lock, ...definedOnly({signal})},
        })
        await removeLock(machine.files, prefix)
      } catch (error) {
        throw translateInstallError(error, `the image ${image}`)
      }
    },
    async offerKernels(variables) {
      await ask(['kernels', prefix, environment, image], {variables})
    },
  }
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
