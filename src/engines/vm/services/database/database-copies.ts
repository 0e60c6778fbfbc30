import path from 'node:path'
import type {Layout} from '../../machines/layout.js'
import type {Machine} from '../../machines/machine.js'

/** How many copies made by upgrades stay; older ones go when a new one is made. */
const mostCopies = 5

export interface DatabaseCopiesOptions {
  readonly machine: Pick<Machine, 'files' | 'layout'>
  readonly now: () => number
  /** Copies the database as it is now, by a Python of the hub. */
  readonly copyTo: (file: string, python: string, signal?: AbortSignal) => Promise<unknown>
}

/** Copies of the hub's database: one of the accounts as jhub last left them, and one for each upgrade. */
export interface DatabaseCopies {
  /** Copies the database with the settings that were applied; gives the directory. */
  make(python: string, signal: AbortSignal): Promise<string>
  removeOldest(): Promise<void>
  /** Copies the accounts, under the name of the programs that used them, in place of the copy before. */
  replaceLatest(programs: string, python: string): Promise<void>
  /** The copy of the accounts as jhub last left them, named after the programs that used it; else one that an upgrade made. */
  newest(): Promise<string | undefined>
}

export function databaseCopies({machine, now, copyTo}: DatabaseCopiesOptions): DatabaseCopies {
  const {files, layout} = machine
  const makePrivate = async (...directories: readonly string[]) => {
    for (const directory of directories) await files.makeDirectory(directory, {mode: 0o700})
  }
  return {
    async make(python, signal) {
      const copy = path.posix.join(layout.backups, new Date(now()).toISOString().replaceAll(':', '-'))
      await makePrivate(layout.backups, copy)
      await copyTo(path.posix.join(copy, 'jupyterhub.sqlite'), python, signal)
      const applied = await files.read(layout.applied)
      if (applied !== undefined) await files.write(path.posix.join(copy, 'applied.yaml'), applied, {mode: 0o600})
      return copy
    },
    async removeOldest() {
      for (const copy of (await listBackups(machine)).slice(0, -mostCopies)) await files.remove(copy)
    },
    async replaceLatest(programs, python) {
      const directory = latestDirectory(layout)
      await makePrivate(layout.backups, directory)
      const name = `${programs}.sqlite`
      await copyTo(path.posix.join(directory, name), python)
      for (const other of (await files.list(directory)) ?? [])
        if (other !== name) await files.remove(path.posix.join(directory, other))
    },
    async newest() {
      const directory = latestDirectory(layout)
      const [latest] = ((await files.list(directory)) ?? []).filter((name) => name.endsWith('.sqlite'))
      if (latest !== undefined) return path.posix.join(directory, latest)
      const backup = await newestBackup(machine)
      return backup === undefined ? undefined : path.posix.join(backup, 'jupyterhub.sqlite')
    },
  }
}

/** The directory of the newest copy that an upgrade made. */
export async function newestBackup(machine: Pick<Machine, 'files' | 'layout'>): Promise<string | undefined> {
  return (await listBackups(machine)).at(-1)
}

/** Every copy that an upgrade made, the newest last. Nothing else that stands there counts. */
async function listBackups({files, layout}: Pick<Machine, 'files' | 'layout'>): Promise<readonly string[]> {
  const names = (await files.list(layout.backups)) ?? []
  return names
    .filter((name) => /^\d{4}-\d\d-\d\dT[\d.-]+Z$/.test(name))
    .toSorted()
    .map((name) => path.posix.join(layout.backups, name))
}

function latestDirectory({backups}: Pick<Layout, 'backups'>): string {
  return path.posix.join(backups, 'latest')
}
