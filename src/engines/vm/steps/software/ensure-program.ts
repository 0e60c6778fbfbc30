import type {Step} from '../../../../steps/step.js'
import {uvEnvironment} from '../../packages/find-uv.js'
import {installLocked} from '../../packages/locks/install-locked.js'
import {translateInstallError} from '../../../images/errors/install-error.js'
import type {LockFile} from '../../packages/locks/lock-files.js'
import type {InstallTools, Machine} from '../../machines/machine.js'

export interface ProgramOptions extends InstallTools {
  readonly machine: Pick<Machine, 'files' | 'run' | 'facts' | 'layout'>
  /** As a person calls it: `Node`. */
  readonly name: string
  /** What for: `which runs the proxy`. */
  readonly purpose: string
  readonly lock: () => Promise<LockFile>
  /** Where it is installed; a mark beside it says that it is whole. */
  readonly directory: () => Promise<string>
}

/** A program that the package index carries, installed by uv and checked against its locked hash. */
export function ensureProgram({machine, name, purpose, lock, directory, uv, python}: ProgramOptions): Step {
  const {files} = machine
  let made: string | undefined
  return {
    title: `Install ${name}, ${purpose}`,
    async check() {
      if ((await files.stat(wholeMark(await directory()))) !== undefined) return undefined
      return {summary: `install ${name}, ${purpose}`, disturbs: 'live'}
    },
    async apply({signal}) {
      const target = await directory()
      made = target
      await files.remove(target)
      // Nobody else enters it before it is whole: uv waits for a lock inside, which whoever can open it can hold.
      await files.makeDirectory(target, {mode: 0o700})
      const words = ['--quiet', '--python', await python(), '--target', target, '-r', '-']
      try {
        await installLocked(machine, {
          uv: await uv(),
          words,
          options: {signal, stdin: (await lock()).text, env: uvEnvironment(machine)},
        })
      } catch (error) {
        throw translateInstallError(error, name)
      }
      if (machine.facts.uid === 0) await files.setMode(target, 0o755)
      await files.write(wholeMark(target), '')
    },
    async undo() {
      if (made !== undefined) for (const place of [wholeMark(made), made]) await files.remove(place)
    },
  }
}

function wholeMark(directory: string): string {
  return `${directory}.whole`
}
