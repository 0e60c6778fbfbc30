import path from 'node:path'
import type {CommandOptions} from '../../../../host/processes/commands.js'
import type {Machine} from '../../machines/machine.js'
import type {DownloadTurn} from './download-turns.js'

export interface LockedInstall {
  /** The program. */
  readonly uv: string
  /** Where it installs, and what. */
  readonly words: readonly string[]
  readonly options: CommandOptions
  /** Waits for other installs that download. */
  readonly turn?: DownloadTurn | undefined
}

/** Gigabytes over the line of a school, and packages that are compiled. */
export const installMs = 3_600_000

/**
 * Installs packages whose hashes are known: from uv's cache where it has all of them, else from the index. The cache comes
 * first, since uv asks the index for what it has too, and a network that answers nothing holds it up for minutes.
 */
export async function installLocked(machine: Pick<Machine, 'run'>, install: LockedInstall): Promise<void> {
  const {uv, words} = install
  // uv takes settings, such as another index, from the current directory.
  const options = {timeoutMs: installMs, ...install.options, cwd: '/'}
  const command = [uv, 'pip', 'install', '--require-hashes', '--no-deps']
  try {
    await machine.run([...command, '--offline', ...words], options)
  } catch {
    const download = async (downloaded: () => void = () => undefined) => {
      options.signal?.throwIfAborted()
      const onLine = (line: string) => {
        if (/^\s*Prepared /.test(line)) downloaded()
        options.onLine?.(line)
      }
      await machine.run([...command, ...words], {...options, onLine})
    }
    await (install.turn?.(download) ?? download())
  }
}

/** Removes the lock that uv leaves in an environment, into which it lets everybody write. */
export async function removeLock(files: Machine['files'], environment: string): Promise<void> {
  await files.remove(path.posix.join(environment, '.lock'))
}
