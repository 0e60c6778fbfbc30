import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {Machine} from '../machines/machine.js'

export interface EnvironmentLinks {
  readonly machine: Machine
  /** The interpreter that the environment is to have. */
  readonly python: string
  /** The program that makes the links. */
  readonly program: string
  /** Whole environments of the same lock. */
  readonly others: readonly string[]
  /** An empty directory. */
  readonly directory: string
  readonly signal: AbortSignal
}

/** Fills an environment with links to the files of another; gives false where none of the others can be taken. */
export async function linkEnvironment(links: EnvironmentLinks): Promise<boolean> {
  const {machine, python, program, others, directory, signal} = links
  for (const other of others) {
    try {
      await machine.run([python, '-I', '-', other, directory], {signal, stdin: program, cwd: '/', timeoutMs: linkMs})
      return true
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof JhubError)) throw error
      await machine.files.remove(directory)
      await machine.files.makeDirectory(directory, {mode: 0o700})
    }
  }
  return false
}

/** Where the other hubs at this place would have an environment of that name. */
export async function environmentsBeside({files, layout}: Machine, name: string): Promise<readonly string[]> {
  const parent = path.posix.dirname(layout.root)
  const hubs = (await files.list(parent)) ?? []
  const within = path.posix.relative(layout.root, path.posix.join(layout.environments, name))
  return hubs.map((hub) => path.posix.join(parent, hub, within)).filter((place) => !place.startsWith(layout.root + '/'))
}

/** Ten thousand files on a slow disk. */
const linkMs = 120_000
