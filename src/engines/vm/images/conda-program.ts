import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import type {Files} from '../../../host/files/files.js'
import {JhubError} from '../../../errors.js'
import type {Step} from '../../../steps/step.js'
import {readAsset} from '../../read-assets.js'
import {condaRefusal} from '../../images/conda/conda-error.js'
import {translateInstallError} from '../../images/errors/install-error.js'
import type {InstallTools, Machine} from '../machines/machine.js'
import {ensureProgram} from '../steps/software/ensure-program.js'
import {uvEnvironment} from '../packages/find-uv.js'
import {installMs} from '../packages/locks/install-locked.js'
import {readLockFile} from '../packages/locks/lock-files.js'

export interface CondaTools extends InstallTools {
  readonly machine: Machine
  readonly local: Files
  readonly assets: string
}

/** py-rattler, in a directory of its own, where an image needs conda packages. */
export function ensureCondaProgram(tools: CondaTools, isNeeded: () => Promise<boolean>): Step {
  const step = ensureProgram({
    machine: tools.machine,
    uv: tools.uv,
    python: () => tools.python(),
    name: 'py-rattler',
    purpose: 'which installs conda packages',
    lock: () => readLockFile(tools.local, tools.assets, 'conda'),
    directory: () => condaDirectory(tools),
  })
  return {...step, check: async () => ((await isNeeded()) ? step.check() : undefined)}
}

async function condaDirectory({machine, local, assets}: Omit<CondaTools, keyof InstallTools>): Promise<string> {
  return path.posix.join(machine.layout.tools, `conda-${(await readLockFile(local, assets, 'conda')).hash}`)
}

/** Whether packages of conda can be chosen already. */
export async function hasCondaProgram(tools: Omit<CondaTools, keyof InstallTools>): Promise<boolean> {
  return (await tools.machine.files.stat(`${await condaDirectory(tools)}.whole`)) !== undefined
}

export interface CondaSolveOptions {
  readonly image: string
  readonly words: readonly string[]
  readonly asked: object
  readonly signal?: AbortSignal | undefined
}

/** Asks `jhub_conda.py`. Throws `JHUB-E221` for packages that cannot be had together, `JHUB-E205` for a channel that does not answer. */
export async function askConda(tools: CondaTools, {image, words, asked, signal}: CondaSolveOptions): Promise<unknown> {
  const {machine, local, assets} = tools
  const program = await readAsset(local, path.join(assets, 'images', 'jhub_conda.py'))
  const directory = await condaDirectory(tools)
  const file = path.posix.join(directory, 'jhub_conda.py')
  await machine.files.write(file, program)
  const argv = [await tools.python(), '-I', file, directory, ...words]
  try {
    const {stdout} = await machine.run(argv, {
      stdin: JSON.stringify(asked),
      cwd: '/',
      env: uvEnvironment(machine),
      timeoutMs: installMs,
      ...definedOnly({signal}),
    })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  } catch (error) {
    throw condaError(error, image)
  }
}

/** What the program said of itself, as an error for people; anything else as it was. */
function condaError(error: unknown, image: string): unknown {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') return error
  return (
    condaRefusal(error, image) ??
    new JhubError('JHUB-E201', `The conda packages of the image ${image} could not be installed`, {
      cause: translateInstallError(error, `the image ${image}`),
    })
  )
}
