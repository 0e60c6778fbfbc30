import path from 'node:path'
import type {Machine} from '../machines/machine.js'
import type {LockFile} from './locks/lock-files.js'

/** How the environment of an image begins; `hub-` and `user-` are jhub's own. */
export const imagePrefix = 'image-'

/** Where the environment of a lock file stands. */
export function environmentPath(machine: Machine, name: string, lock: LockFile): string {
  return path.posix.join(machine.layout.environments, `${name}-${lock.hash}`)
}

export async function isEnvironmentWhole(machine: Machine, directory: string): Promise<boolean> {
  return (await machine.files.stat(wholeMark(directory))) !== undefined
}

/** The file that is written last into an environment. */
export function wholeMark(directory: string): string {
  return path.posix.join(directory, '.jhub-whole')
}
