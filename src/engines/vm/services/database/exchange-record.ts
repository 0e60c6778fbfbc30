import type {Files} from '../../../../host/files/files.js'

/** What is under way with the hub's database: `copied` until the schema is whole, then `upgraded` until the hub has come up. */
export interface Exchange {
  readonly state: 'copied' | 'upgraded'
  /** The directory of the copy. */
  readonly copy: string
  /** Whose turn it is, as their environment is called. */
  readonly programs: string
}

/** The file that tells the next run of an exchange which was not finished. */
export interface ExchangeRecord {
  /** Nothing where none is under way, or where the file cannot be read as one. */
  read(): Promise<Exchange | undefined>
  write(exchange: Exchange): Promise<void>
  remove(): Promise<void>
}

export function exchangeRecord(files: Files, file: string): ExchangeRecord {
  return {
    read: async () => parseExchange(await files.read(file)),
    write: (exchange) => files.write(file, `${JSON.stringify(exchange)}\n`, {mode: 0o600}),
    remove: () => files.remove(file),
  }
}

function parseExchange(text: string | undefined): Exchange | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Exchange)
  } catch {
    return undefined
  }
}
