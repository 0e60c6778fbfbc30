import {appendFile, readFile} from 'node:fs/promises'

export interface Noted {
  /** One sentence each; none when all was as it must be. */
  readonly failures: readonly string[]
  readonly seconds: number
  /** Of a kill: whether the command was still running. */
  readonly struck?: boolean
}

/** What was tried already, so that a campaign that was ended goes on where it stopped. */
export interface Journal {
  noted(name: string): Noted | undefined
  note(name: string, outcome: Noted): Promise<void>
}

/** Remembers nothing. */
export const noJournal: Journal = {noted: () => undefined, note: () => Promise.resolve()}

/** A file with a line of JSON for each outcome; only what was as it must be is not tried again. */
export async function openJournal(file: string): Promise<Journal> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.split('\n').filter(Boolean)
  const noted = new Map(lines.map((line) => JSON.parse(line) as readonly [string, Noted]))
  return {
    noted: (name) => noted.get(name),
    async note(name, outcome) {
      if (outcome.failures.length > 0) return
      noted.set(name, outcome)
      await appendFile(file, `${JSON.stringify([name, outcome])}\n`)
    },
  }
}

/** The same, with every name below another one: that of an engine, of a case. */
export function below(journal: Journal, above: string): Journal {
  return {
    noted: (name) => journal.noted(`${above}, ${name}`),
    note: (name, outcome) => journal.note(`${above}, ${name}`, outcome),
  }
}
