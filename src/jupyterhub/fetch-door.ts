import type {Agent} from 'undici'
import {doorOptions} from './door-options.js'
import type {DoorTrust} from './hub-connection.js'

export interface DoorRequest {
  readonly method?: string
  readonly signal: AbortSignal
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Of a response, what is read here. */
export type DoorAnswer = Pick<Response, 'ok' | 'status' | 'text' | 'json'> & {
  readonly body: AsyncIterable<Uint8Array> | null
}

const agents = new WeakMap<DoorTrust, Agent>()

/** `fetch`, which trusts the hub's own door where it has HTTPS. */
export async function fetchDoor(url: string, request: DoorRequest, trust: DoorTrust | undefined): Promise<DoorAnswer> {
  if (trust === undefined) return fetch(url, request)
  const {Agent, fetch: fetchThrough} = await import('undici')
  const agent = agents.get(trust) ?? new Agent({connect: doorOptions(trust)})
  agents.set(trust, agent)
  return fetchThrough(url, {...request, dispatcher: agent})
}
