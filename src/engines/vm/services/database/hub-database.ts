import path from 'node:path'
import {definedOnly} from '../../../../defined-only.js'
import {JhubError, messageOf} from '../../../../errors.js'
import type {Files} from '../../../../host/files/files.js'
import type {Machine} from '../../machines/machine.js'
import {databaseCopies} from './database-copies.js'
import {exchangeRecord} from './exchange-record.js'

export interface HubDatabaseOptions {
  readonly machine: Pick<Machine, 'files' | 'layout' | 'run'>
  /** The text of `jhub_database.py`. */
  readonly program: () => Promise<string>
  readonly now: () => number
}

/**
 * The hub's database while its programs are exchanged: copied before others touch it, upgraded to their schema, and put back
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
  /** Copies it, and upgrades it to the schema of a Python's JupyterHub. Gives where the copy is; nothing without a database. */
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

/** What programs are called that did not say it. */
const unknownPrograms = 'unknown'

export function hubDatabase({machine, program, now}: HubDatabaseOptions): HubDatabase {
  const {files, layout} = machine
  const beside = (name: string) => path.posix.join(layout.database, name)
  const database = beside('jupyterhub.sqlite')
  const programsFile = beside('programs')
  const anewFile = beside('begun-anew')
  const exchange = exchangeRecord(files, beside('exchange.json'))
  const run = databaseProgram(machine, program, layout.database)
  const copies = databaseCopies({
    machine,
    now,
    copyTo: (file, python, signal) => run(python, ['copy', database, file], signal),
  })
  const readPrograms = async () => (await files.read(programsFile))?.trim()
  const writePrograms = (programs: string) => files.write(programsFile, `${programs}\n`, {mode: 0o600})

  const settle = async (programs: string) => {
    await writePrograms(programs)
    await exchange.remove()
  }
  const takeBack = async (python: string): Promise<boolean> => {
    const left = await exchange.read()
    if (left === undefined) return false
    if (left.state === 'upgraded') {
      await run(python, ['copy', database, path.posix.join(left.copy, 'replaced.sqlite')])
      await exchange.write({...left, state: 'copied'})
    }
    await run(python, ['copy', path.posix.join(left.copy, 'jupyterhub.sqlite'), database])
    await files.remove(programsFile)
    await exchange.remove()
    return true
  }
  return {
    programs: readPrograms,
    isUnsettled: async () => (await exchange.read()) !== undefined,
    async recover({hadComeUp, python}) {
      const left = await exchange.read()
      if (left === undefined) return
      if (!hadComeUp) await takeBack(python)
      else if (left.state === 'upgraded') await settle(left.programs)
      else await exchange.remove()
    },
    async prepare({programs, python, signal}) {
      if ((await files.stat(database)) === undefined) return undefined
      try {
        const copy = await copies.make(python, signal)
        await exchange.write({state: 'copied', copy, programs})
        await copies.removeOldest()
        await run(python, ['upgrade', database], signal)
        await exchange.write({state: 'upgraded', copy, programs})
        return copy
      } catch (error) {
        throw translate(error)
      }
    },
    settle,
    takeBack,
    isBegunAnew: async () => (await files.stat(anewFile)) !== undefined,
    async accounts(python) {
      const file = await copies.newest()
      const {stdout} = await run(python, ['accounts', database, ...(file === undefined ? [] : [file])])
      const [current = {state: 'missing'}, copy = {state: 'missing'}] = JSON.parse(stdout) as readonly Accounts[]
      return {now: current, copy: {...copy, ...definedOnly({file})}}
    },
    async keep(python) {
      await copies.replaceLatest((await readPrograms()) ?? unknownPrograms, python)
      await files.remove(anewFile)
    },
    async replace(by) {
      const copy = by === 'nothing' ? undefined : await copies.newest()
      await setAside(files, database, now())
      await exchange.remove()
      if (copy === undefined) {
        await files.write(anewFile, '', {mode: 0o600})
        return files.remove(programsFile)
      }
      await writePrograms(programsOf(copy))
      await putInPlace(machine, copy, database)
    },
  }
}

type RunProgram = (python: string, words: readonly string[], signal?: AbortSignal) => Promise<{readonly stdout: string}>

/** Runs `jhub_database.py` by a Python of the hub. */
function databaseProgram(
  machine: Pick<Machine, 'run'>,
  program: HubDatabaseOptions['program'],
  directory: string,
): RunProgram {
  return async (python, words, signal) =>
    machine.run([python, '-I', '-', ...words], {
      stdin: await program(),
      cwd: directory,
      timeoutMs: 300_000,
      ...definedOnly({signal}),
    })
}

/** The programs that a copy is named after: any others upgrade it to their own schema first. */
function programsOf(copy: string): string {
  const name = path.posix.basename(copy, '.sqlite')
  return name.startsWith('hub-') ? name : unknownPrograms
}

/** Renames a database, where there is one, and removes what SQLite and a killed run left beside it. */
async function setAside(files: Files, database: string, now: number): Promise<void> {
  if ((await files.stat(database)) !== undefined)
    await files.rename(database, `${database}.before-${new Date(now).toISOString().replaceAll(':', '-')}`)
  for (const suffix of ['-wal', '-shm', '-journal', '.new']) await files.remove(`${database}${suffix}`)
}

async function putInPlace(machine: Pick<Machine, 'files' | 'run'>, copy: string, database: string): Promise<void> {
  await machine.run(['cp', copy, `${database}.new`])
  await machine.files.setMode(`${database}.new`, 0o600)
  await machine.files.rename(`${database}.new`, database)
}

function translate(error: unknown): unknown {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') return error
  return new JhubError('JHUB-E217', "The hub's database could not be copied and upgraded to the new schema", {
    cause: new Error(messageOf(error.cause ?? error)),
    fix: 'jhub logs',
  })
}
