import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import type {Step} from '../../../../steps/step.js'
import {uvEnvironment} from '../../packages/find-uv.js'
import {installLocked, installMs} from '../../packages/install-locked.js'
import {translateInstallError} from '../../../images/install-error.js'
import type {LockFile} from '../../packages/lock-files.js'
import type {Machine} from '../../machines/machine.js'
import {readRunningEnvironments} from '../../configuration/running-configuration.js'

export interface EnvironmentWanted {
  readonly machine: Machine
  /** `hub`, `user`, or `image-NAME`. */
  readonly name: string
  readonly title: string
  /** `undefined` while its packages are not chosen yet. */
  readonly lock: () => Promise<LockFile | undefined>
  readonly python: () => Promise<string>
  readonly uv: () => Promise<string>
  /** The program that compiles it with what other environments have compiled; absent: uv compiles all of it. */
  readonly shareBytecode?: () => Promise<string>
}

/** Where the environment of a lock file stands. */
export function environmentPath(machine: Machine, name: string, lock: LockFile): string {
  return path.posix.join(machine.layout.environments, `${name}-${lock.hash}`)
}

export async function isEnvironmentWhole(machine: Machine, directory: string): Promise<boolean> {
  return (await machine.files.stat(wholeMark(directory))) !== undefined
}

/**
 * A Python environment made by uv from a hash-locked file. It is whole only when its mark is there, which is written last:
 * half an installation is made anew.
 */
export function ensureEnvironment({machine, name, title, lock, python, uv, shareBytecode}: EnvironmentWanted): Step {
  let made: string | undefined
  return {
    title,
    async check() {
      const wanted = await lock()
      if (wanted === undefined) return {summary: `install the packages of ${whatIs(name)}`, disturbs: 'live'}
      if (await isEnvironmentWhole(machine, environmentPath(machine, name, wanted))) return undefined
      return {summary: `install ${String(countPackages(wanted))} packages for ${whatIs(name)}`, disturbs: 'live'}
    },
    async apply(context) {
      const {signal} = context
      const wanted = await lock()
      if (wanted === undefined) throw new JhubError('JHUB-E001', `${name} was to be installed before it was chosen`)
      const directory = environmentPath(machine, name, wanted)
      const [program, interpreter] = [await uv(), await python()]
      const options = {signal, env: uvEnvironment(machine), cwd: '/'}
      made = directory
      await machine.files.remove(directory)
      // Nobody else enters it before it is whole: uv waits for a lock inside, which whoever can open it can hold.
      await machine.files.makeDirectory(directory, {mode: 0o700})
      try {
        // Python looks for packages in a person's home, and pip puts them there, only where it sees the system's too.
        const homes = name === 'hub' ? [] : ['--system-site-packages']
        const words = ['venv', '--quiet', '--no-project', ...homes, '--python', interpreter, directory]
        await machine.run([program, ...words], options)
        const installed = path.posix.join(directory, 'bin', 'python')
        context.report(`${String(countPackages(wanted))} packages`)
        const compile = shareBytecode === undefined ? ['--compile-bytecode'] : []
        await installLocked(machine, {
          uv: program,
          words: [...compile, '--python', installed, '-r', '-'],
          options: {
            ...options,
            stdin: wanted.text,
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
      } catch (error) {
        throw translateInstallError(error, name === 'hub' || name === 'user' ? `the ${name} environment` : whatIs(name))
      }
      if (machine.facts.uid === 0) await machine.files.setMode(directory, 0o755)
      await machine.files.write(wholeMark(directory), '')
    },
    async undo() {
      const running = await readRunningEnvironments(machine)
      if (made !== undefined && made !== running?.hub && made !== running?.user) await machine.files.remove(made)
    },
  }
}

function whatIs(name: string): string {
  return name === 'hub' || name === 'user' ? `the ${name}` : `the image ${name.replace(/^image-/, '')}`
}

function wholeMark(directory: string): string {
  return path.posix.join(directory, '.jhub-whole')
}

function countPackages(lock: LockFile): number {
  return lock.text.split('\n').filter((line) => /^[a-z0-9]\S*==/i.test(line)).length
}
