import {isRecord} from '../../hub-spec/document/is-record.js'
import type {Send} from './hub-request.js'
import {unexpectedAnswer} from './unexpected-answer.js'

/** A test login that was asked for. */
export interface TrialLink {
  readonly id: string
  /** Below the hub's address; it works once. */
  readonly path: string
}

/** What came of a test login, which let nobody in. */
export interface TrialResult {
  /** What the provider said, without tokens; not to be trusted. */
  readonly claims: Readonly<Record<string, unknown>>
  /** The name that it makes here; `null` where it makes none. */
  readonly name: string | null
  /** What rules go by, of what was said. */
  readonly counts: Readonly<Record<string, readonly string[]>>
  readonly getsIn: boolean
  readonly admin: boolean
  /** Why, or why not, in a sentence. */
  readonly why: string
}

/** `waiting`: nobody has opened the link; `open`: somebody has; `gone`: it is too old, or the hub restarted. */
export type TrialSeen =
  {readonly state: 'waiting' | 'open' | 'gone'} | {readonly state: 'done'; readonly result: TrialResult}

export interface TrialRequests {
  /** `undefined`: people sign in by passwords of the hub's own, or the hub is of an older jhub. */
  makeTrial(): Promise<TrialLink | undefined>
  trial(id: string): Promise<TrialSeen>
}

const route = '/jhub/trial'

/** Test logins. */
export function trialRequests(send: Send): TrialRequests {
  return {
    async makeTrial() {
      const {status, body} = await send(route, {method: 'POST', answers: [404]})
      if (status === 404) return undefined
      if (!isRecord(body) || typeof body['id'] !== 'string' || typeof body['path'] !== 'string')
        throw unexpectedAnswer(route, 'no path')
      return {id: body['id'], path: `/hub${body['path']}`}
    },
    async trial(id) {
      const {body} = await send(`${route}?id=${encodeURIComponent(id)}`)
      const state = isRecord(body) ? body['state'] : undefined
      if (state === 'waiting' || state === 'open' || state === 'gone') return {state}
      if (!isRecord(body) || state !== 'done') throw unexpectedAnswer(route, 'no state')
      return {state, result: toResult(body['result'])}
    },
  }
}

function toResult(said: unknown): TrialResult {
  if (!isRecord(said) || !isRecord(said['claims'])) throw unexpectedAnswer(route, 'no claims')
  const {claims, name, counts, getsIn, admin, why} = said
  return {
    claims: claims,
    name: typeof name === 'string' ? name : null,
    counts: isRecord(counts) ? toCounts(counts) : {},
    getsIn: getsIn === true,
    admin: admin === true,
    why: typeof why === 'string' ? why : '',
  }
}

function toCounts(counts: Readonly<Record<string, unknown>>): TrialResult['counts'] {
  return Object.fromEntries(
    Object.entries(counts).map(([kind, values]) => [kind, Array.isArray(values) ? values.map(String) : []]),
  )
}
