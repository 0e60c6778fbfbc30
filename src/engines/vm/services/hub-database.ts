import path from 'node:path'
import {JhubError, messageOf} from '../../../errors.js'
import type {Layout} from '../machines/layout.js'
import type {Machine} from '../machines/machine.js'

/** So many copies are kept; older ones go when a new one is made. */
const keptCopies = 5

export interface HubDatabaseOptions {
  readonly machine: Pick<Machine, 'files' | 'layout' | 'run'>
  /** The text of `jhub_database.py`. */
  readonly program: () => Promise<string>
  readonly now: () => number
}

/**
 * The hub's database while its programs are exchanged: copied before others touch it, brought to their schema, and put back
 * when they do not come up. What is under way stands beside the database, so that a killed run is always ended by the next.
 */
export interface HubDatabase {
  /** By whose programs it was last used, as their environment is called; `undefined`: it is not told. */
  programs(): Promise<string | undefined>
  /** A run that was killed left it to the next to end. */
  isUnsettled(): Promise<boolean>
  /**
   * Ends what a killed run left, with the hub stopped. Where that hub had come up, its database is left alone: people may
   * have worked since. Else the copy is put back.
   */
  recover(options: {readonly hadComeUp: boolean; readonly python: string}): Promise<void>
  /** Copies it, and brings it to the schema of a Python's JupyterHub. Gives where the copy is; nothing without a database. */
  prepare(options: {
    readonly programs: string
    readonly python: string
    readonly signal: AbortSignal
  }): Promise<string | undefined>
  /** These programs came up with it. */
  settle(programs: string): Promise<void>
  /** What is in it, and in the newest copy; nothing is changed. */
  accounts(python: string): Promise<{readonly now: Accounts; readonly copy: Accounts & {readonly file?: string}}>
  /** A person chose to go on without the accounts of before, and there are no new ones yet. */
  isBegunAnew(): Promise<boolean>
  /** Copies the accounts as they are now, in place of the copy before. */
  keep(python: string): Promise<void>
  /** Sets it aside, with the hub stopped, and puts the newest copy in its place; or nothing, for a new one. */
  replace(by: 'newest copy' | 'nothing'): Promise<void>
  /** Puts the copy back that was made for programs which did not come up; false when there is none. */
  takeBack(python: string): Promise<boolean>
}

/** What is in a database, as `jhub_database.py accounts` says it. */
export type Accounts =
  | {readonly state: 'whole'; readonly people: number; readonly digest: string}
  | {readonly state: 'missing' | 'empty'}
  | {readonly state: 'damaged'; readonly why: string}

/** What is under way: `copied` until the schema is whole, then `upgraded` until the hub has come up. */
interface Exchange {
  readonly state: 'copied' | 'upgraded'
  readonly copy: string
  readonly programs: string
}

export function hubDatabase({machine, program, now}: HubDatabaseOptions): HubDatabase {
  const {files, layout} = machine
  const beside = (name: string) => path.posix.join(layout.database, name)
  const [database, programsFile, exchangeFile] = ['jupyterhub.sqlite', 'programs', 'exchange.json'].map(beside) as [
    string,
    string,
    string,
  ]
  const anewFile = beside('begun-anew')
  const run = async (python: string, words: readonly string[], signal?: AbortSignal) =>
    machine.run([python, '-I', '-', ...words], {
      stdin: await program(),
      cwd: layout.database,
      timeoutMs: 300_000,
      ...(signal === undefined ? {} : {signal}),
    })
  const readExchange = async (): Promise<Exchange | undefined> => {
    return parseExchange(await files.read(exchangeFile))
  }
  const writeExchange = (exchange: Exchange) =>
    files.write(exchangeFile, `${JSON.stringify(exchange)}\n`, {mode: 0o600})
  const inCopy = (copy: string, name = 'jupyterhub.sqlite') => path.posix.join(copy, name)

  const makeCopy = async (python: string, signal: AbortSignal): Promise<string> => {
    const copy = path.posix.join(layout.backups, new Date(now()).toISOString().replaceAll(':', '-'))
    for (const directory of [layout.backups, copy]) await files.makeDirectory(directory, {mode: 0o700})
    await run(python, ['copy', database, inCopy(copy)], signal)
    const applied = await files.read(layout.applied)
    if (applied !== undefined) await files.write(inCopy(copy, 'applied.yaml'), applied, {mode: 0o600})
    return copy
  }
  const forgetOldest = async () => {
    for (const copy of (await listBackups(machine)).slice(0, -keptCopies)) await files.remove(copy)
  }

  const settle = async (programs: string) => {
    await files.write(programsFile, `${programs}\n`, {mode: 0o600})
    await files.remove(exchangeFile)
  }
  const takeBack = async (python: string): Promise<boolean> => {
    const exchange = await readExchange()
    if (exchange === undefined) return false
    if (exchange.state === 'upgraded') {
      await run(python, ['copy', database, inCopy(exchange.copy, 'replaced.sqlite')])
      await writeExchange({...exchange, state: 'copied'})
    }
    await run(python, ['copy', inCopy(exchange.copy), database])
    await files.remove(programsFile)
    await files.remove(exchangeFile)
    return true
  }

  return {
    programs: async () => (await files.read(programsFile))?.trim(),
    isUnsettled: async () => (await readExchange()) !== undefined,
    async recover({hadComeUp, python}) {
      const exchange = await readExchange()
      if (exchange === undefined) return
      if (!hadComeUp) await takeBack(python)
      else if (exchange.state === 'upgraded') await settle(exchange.programs)
      else await files.remove(exchangeFile)
    },
    async prepare({programs, python, signal}) {
      if ((await files.stat(database)) === undefined) return undefined
      try {
        const copy = await makeCopy(python, signal)
        await writeExchange({state: 'copied', copy, programs})
        await forgetOldest()
        await run(python, ['upgrade', database], signal)
        await writeExchange({state: 'upgraded', copy, programs})
        return copy
      } catch (error) {
        throw translate(error)
      }
    },
    settle,
    takeBack,
    isBegunAnew: async () => (await files.stat(anewFile)) !== undefined,
    async accounts(python) {
      const file = await newestCopy(machine)
      const {stdout} = await run(python, ['accounts', database, ...(file === undefined ? [] : [file])])
      const [now = {state: 'missing'}, copy = {state: 'missing'}] = JSON.parse(stdout) as readonly Accounts[]
      return {now, copy: file === undefined ? copy : {...copy, file}}
    },
    async keep(python) {
      const directory = latestDirectory(layout)
      for (const place of [layout.backups, directory]) await files.makeDirectory(place, {mode: 0o700})
      const name = `${(await files.read(programsFile))?.trim() ?? unknownPrograms}.sqlite`
      await run(python, ['copy', database, path.posix.join(directory, name)])
      for (const other of (await files.list(directory)) ?? [])
        if (other !== name) await files.remove(path.posix.join(directory, other))
      await files.remove(anewFile)
    },
    async replace(by) {
      const copy = by === 'nothing' ? undefined : await newestCopy(machine)
      if ((await files.stat(database)) !== undefined)
        await files.rename(database, `${database}.before-${new Date(now()).toISOString().replaceAll(':', '-')}`)
      for (const journal of ['-wal', '-shm', '-journal', '.new']) await files.remove(`${database}${journal}`)
      await files.remove(exchangeFile)
      if (copy === undefined) {
        await files.write(anewFile, '', {mode: 0o600})
        return files.remove(programsFile)
      }
      // Other programs than those that made the copy bring it to their own schema first.
      const programs = path.posix.basename(copy, '.sqlite')
      await files.write(programsFile, `${programs.startsWith('hub-') ? programs : unknownPrograms}\n`, {mode: 0o600})
      await machine.run(['cp', copy, `${database}.new`])
      await files.setMode(`${database}.new`, 0o600)
      await files.rename(`${database}.new`, database)
    },
  }
}

const unknownPrograms = 'unknown'

function parseExchange(text: string | undefined): Exchange | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Exchange)
  } catch {
    return undefined
  }
}

function latestDirectory({backups}: Pick<Layout, 'backups'>): string {
  return path.posix.join(backups, 'latest')
}

/** The copy of the accounts as jhub last left them, named after the programs that used it; else one that an upgrade made. */
async function newestCopy(machine: Pick<Machine, 'files' | 'layout'>): Promise<string | undefined> {
  const directory = latestDirectory(machine.layout)
  const [latest] = ((await machine.files.list(directory)) ?? []).filter((name) => name.endsWith('.sqlite'))
  if (latest !== undefined) return path.posix.join(directory, latest)
  const backup = await newestBackup(machine)
  return backup === undefined ? undefined : path.posix.join(backup, 'jupyterhub.sqlite')
}

/** Where the newest copy is. */
export async function newestBackup(machine: Pick<Machine, 'files' | 'layout'>): Promise<string | undefined> {
  return (await listBackups(machine)).at(-1)
}

/** Every copy that was made, the newest last. Nothing else that stands there counts. */
async function listBackups({files, layout}: Pick<Machine, 'files' | 'layout'>): Promise<readonly string[]> {
  const names = (await files.list(layout.backups)) ?? []
  return names
    .filter((name) => /^\d{4}-\d\d-\d\dT[\d.-]+Z$/.test(name))
    .toSorted()
    .map((name) => path.posix.join(layout.backups, name))
}

function translate(error: unknown): unknown {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') return error
  return new JhubError('JHUB-E217', "The hub's database could not be copied and upgraded to the new schema", {
    cause: new Error(messageOf(error.cause ?? error)),
    fix: 'jhub logs',
  })
}
