import {isRecord} from '../../../hub-spec/document/is-record.js'
import type {RegistryAccount} from '../../engine.js'

export interface DatedAccount extends RegistryAccount {
  /** When it was given, as `2026-11-26T18:00:00.000Z`; absent where an older jhub wrote it. */
  readonly given?: string
}

/** By the host of their registry. */
export type Accounts = ReadonlyMap<string, DatedAccount>

/** When accounts were taken away, by the host of their registry. */
export type Withdrawn = ReadonlyMap<string, string>

/** Without accounts that were given before they were taken away. */
export function stillGiven(accounts: Accounts, withdrawn: Withdrawn): Accounts {
  return new Map([...accounts].filter(([host, {given = ''}]) => given >= (withdrawn.get(host) ?? '')))
}

/** Those of both places; for a registry that both know, the one that was given later, else the one from here. */
export function newestOf(there: Accounts, here: Accounts): Accounts {
  const isStale = (host: string, {given = ''}: DatedAccount) => given < (there.get(host)?.given ?? '')
  return new Map([...there, ...[...here].filter(([host, account]) => !isStale(host, account))])
}

export function isAccount(value: unknown): value is DatedAccount {
  if (!isRecord(value)) return false
  const {username, password, given} = value
  return (
    typeof username === 'string' && typeof password === 'string' && (given === undefined || typeof given === 'string')
  )
}
