import type {Send} from '../requests/hub-request.js'
import {unexpectedAnswer} from '../requests/unexpected-answer.js'
import {isRecord} from '../../hub-spec/document/is-record.js'
import {definedOnly} from '../../defined-only.js'
import {stringOf} from './string-of.js'

/** What the hub noticed of a person. Times are ISO 8601, UTC. */
export interface PersonSeen {
  /** When they last signed in. Absent: never. */
  readonly lastLogin?: string
  /** Tries since then that failed, counted since the hub started. */
  readonly failedLogins?: number
  readonly lastFailedLogin?: string
  /** Why the last start of their server failed, as they were told; absent when it did not. */
  readonly failedStart?: string
}

/** By name, whoever there is something to say of. `undefined`: the hub is of an older jhub, or has a sign-in class that is not jhub's. */
export async function readPeopleSeen(send: Send): Promise<ReadonlyMap<string, PersonSeen> | undefined> {
  const route = '/jhub/seen'
  const {status, body} = await send(route, {answers: [404]})
  if (status === 404) return undefined
  const people: unknown = isRecord(body) ? body['people'] : undefined
  if (!isRecord(people)) throw unexpectedAnswer(route, 'no people')
  return new Map(Object.entries(people).map(([name, said]) => [name, isRecord(said) ? toSeen(said) : {}]))
}

function toSeen(said: Readonly<Record<string, unknown>>): PersonSeen {
  const {lastLogin, failedLogins, lastFailedLogin, failedStart} = said
  return definedOnly({
    lastLogin: stringOf(lastLogin),
    failedLogins: typeof failedLogins === 'number' ? failedLogins : undefined,
    lastFailedLogin: stringOf(lastFailedLogin),
    failedStart: stringOf(failedStart),
  })
}
