import path from 'node:path'
import {JhubError, messageOf} from '../../../errors.js'
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
  /** Puts the copy back that was made for programs which did not come up; false when there is none. */
  takeBack(python: string): Promise<boolean>
}

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
  const run = async (python: string, words: readonly string[], signal?: AbortSignal) =>
    machine.run([python, '-', ...words], {
      stdin: await program(),
      cwd: layout.database,
      timeoutMs: 300_000,
      ...(signal === undefined ? {} : {signal}),
    })
  const readExchange = async (): Promise<Exchange | undefined> => {
    const text = await files.read(exchangeFile)
    return text === undefined ? undefined : (JSON.parse(text) as Exchange)
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
  }
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
  return new JhubError('JHUB-E217', "The hub's database could not be copied and brought to the new schema", {
    cause: new Error(messageOf(error.cause ?? error)),
    fix: 'jhub logs',
  })
}
