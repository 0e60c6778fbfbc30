import {environmentPath, isEnvironmentWhole, wholeMark} from '../../packages/environments.js'
import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import type {Step, StepContext} from '../../../../steps/step.js'
import {uvEnvironment} from '../../packages/find-uv.js'
import type {DownloadTurn} from '../../packages/locks/download-turns.js'
import {installLocked, installMs, removeLock} from '../../packages/locks/install-locked.js'
import {environmentsBeside, linkEnvironment} from '../../packages/link-environment.js'
import {translateInstallError} from '../../../images/errors/install-error.js'
import type {LockFile} from '../../packages/locks/lock-files.js'
import {registerKernels} from '../../images/kernels.js'
import type {Machine} from '../../machines/machine.js'
import {readRunningEnvironments} from '../../configuration/running-configuration.js'

export interface EnvironmentOptions {
  readonly machine: Machine
  /** `hub`, `user`, or `image-NAME`. */
  readonly name: string
  readonly title: string
  /** `undefined` while its packages are not chosen yet. */
  readonly lock: () => Promise<LockFile | undefined>
  readonly python: () => Promise<string>
  readonly uv: () => Promise<string>
  /** Of another that is installed at the same time. */
  readonly turn?: DownloadTurn
  /** The program that makes it of links to one of the same lock, where another hub has that. */
  readonly linkProgram: () => Promise<string>
  /** The program that compiles it with what other environments have compiled; absent: uv compiles all of it. */
  readonly shareBytecode?: () => Promise<string>
  /** Installs in it what says where it stands, so that it cannot be made of links. */
  readonly beside?: (environment: string, step: BesideStep) => Promise<void>
}

export interface BesideStep {
  readonly signal: AbortSignal
  readonly report: (text: string) => void
}

/**
 * A Python environment made by uv from a hash-locked file. It is whole only when its mark is there, which is written last:
 * half an installation is made anew.
 */
export function ensureEnvironment(wanted: EnvironmentOptions): Step {
  const {machine, name, title, lock} = wanted
  let made: string | undefined
  return {
    title,
    async check() {
      const file = await lock()
      if (file === undefined) return {summary: `install the packages of ${whatIs(name)}`, disturbs: 'live'}
      if (await isEnvironmentWhole(machine, environmentPath(machine, name, file))) return undefined
      return {summary: `install ${String(countPackages(file))} packages for ${whatIs(name)}`, disturbs: 'live'}
    },
    async apply(context) {
      const file = await lock()
      if (file === undefined) throw new JhubError('JHUB-E001', `${name} was to be installed before it was chosen`)
      const directory = environmentPath(machine, name, file)
      made = directory
      await machine.files.remove(directory)
      // Nobody else enters it before it is whole: uv waits for a lock inside, which whoever can open it can hold.
      await machine.files.makeDirectory(directory, {mode: 0o700})
      context.report(`${String(countPackages(file))} packages`)
      const python = await wanted.python()
      if (wanted.beside !== undefined || !(await linkOther(wanted, {directory, python}, context)))
        await install(wanted, {directory, python, file}, context)
      await wanted.beside?.(directory, {
        signal: context.signal,
        report: (text) => {
          context.report(text)
        },
      })
      await removeLock(machine.files, directory)
      if (machine.facts.uid === 0) await machine.files.setMode(directory, 0o755)
      await machine.files.write(wholeMark(directory), '')
    },
    async undo() {
      const running = await readRunningEnvironments(machine)
      if (made !== undefined && made !== running?.hub && made !== running?.user) await machine.files.remove(made)
    },
  }
}

interface EnvironmentPlace {
  readonly directory: string
  readonly python: string
}

async function linkOther(
  {machine, linkProgram}: EnvironmentOptions,
  {directory, python}: EnvironmentPlace,
  {signal}: StepContext,
): Promise<boolean> {
  const beside = await environmentsBeside(machine, path.posix.basename(directory))
  const whole = await Promise.all(beside.map((other) => isEnvironmentWhole(machine, other)))
  const others = beside.filter((_, index) => whole[index])
  return (
    others.length > 0 && linkEnvironment({machine, python, program: await linkProgram(), others, directory, signal})
  )
}

async function install(
  {machine, name, uv, turn, shareBytecode}: EnvironmentOptions,
  {directory, python, file}: EnvironmentPlace & {readonly file: LockFile},
  context: StepContext,
): Promise<void> {
  const program = await uv()
  const {signal} = context
  const options = {signal, env: uvEnvironment(machine), cwd: '/'}
  try {
    // Python looks for packages in a person's home, and pip puts them there, only where it sees the system's too.
    const homes = name === 'hub' ? [] : ['--system-site-packages']
    await machine.run([program, 'venv', '--quiet', '--no-project', ...homes, '--python', python, directory], options)
    const installed = path.posix.join(directory, 'bin', 'python')
    const compile = shareBytecode === undefined ? ['--compile-bytecode'] : []
    await installLocked(machine, {
      uv: program,
      words: [...compile, '--python', installed, '-r', '-'],
      turn,
      options: {
        ...options,
        stdin: file.text,
        onLine: (line) => {
          if (/^\s*(?:Downloading|Building|Prepared|Installed|Bytecode)/.test(line)) context.report(line.trim())
        },
      },
    })
    if (shareBytecode !== undefined)
      await machine.run([installed, '-I', '-', machine.layout.environments, directory], {
        signal,
        timeoutMs: installMs,
        stdin: await shareBytecode(),
      })
    if (name.startsWith('image-')) await registerKernels(machine, directory, options)
  } catch (error) {
    throw translateInstallError(error, name === 'hub' || name === 'user' ? `the ${name} environment` : whatIs(name))
  }
}

function whatIs(name: string): string {
  if (name === 'hub') return 'the hub'
  return name === 'user' ? "people's servers" : `the image ${name.replace(/^image-/, '')}`
}

function countPackages(lock: LockFile): number {
  return lock.text.split('\n').filter((line) => /^[a-z0-9]\S*==/i.test(line)).length
}
