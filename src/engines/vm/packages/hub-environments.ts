import path from 'node:path'
import type {Machine} from '../machines/machine.js'
import {environmentPath, isEnvironmentWhole} from './environments.js'
import type {LockFile} from './locks/lock-files.js'

/** The two environments that every hub has: that of the hub itself, and that of people. */
export interface HubEnvironments {
  of(name: 'hub' | 'user'): Promise<string>
  all(): Promise<readonly string[]>
  areWhole(): Promise<boolean>
  /** The Python of the hub; `undefined` while its environment is not whole. */
  hubPython(): Promise<string | undefined>
}

export function hubEnvironments(machine: Machine, lock: (name: 'hub' | 'user') => Promise<LockFile>): HubEnvironments {
  const of = async (name: 'hub' | 'user') => environmentPath(machine, name, await lock(name))
  const all = () => Promise.all((['hub', 'user'] as const).map(of))
  return {
    of,
    all,
    async areWhole() {
      const found = await Promise.all((await all()).map((directory) => isEnvironmentWhole(machine, directory)))
      return found.every(Boolean)
    },
    async hubPython() {
      const directory = await of('hub')
      return (await isEnvironmentWhole(machine, directory)) ? path.posix.join(directory, 'bin', 'python') : undefined
    },
  }
}
