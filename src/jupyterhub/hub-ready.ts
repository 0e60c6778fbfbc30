import {messageOf} from '../errors.js'
import {fetchTrusted} from './tls/fetch-trusted.js'
import type {EndpointTrust} from './hub-connection.js'

/**
 * Whether a hub answers at a base address, and what was answered. Needs no token; gives up after two seconds, or later. Each look is a
 * connection of its own: one that is kept alive may stay for ever with what stood behind the endpoint when it was opened.
 */
export async function isHubReady(
  url: string,
  trust?: EndpointTrust,
  patienceMs = 2_000,
): Promise<{readonly ready: boolean; readonly answer: string}> {
  try {
    const response = await fetchTrusted(
      `${url}/hub/api/`,
      {headers: {connection: 'close'}, signal: AbortSignal.timeout(patienceMs)},
      trust,
    )
    const body: unknown = await response.json().catch(() => undefined)
    const isHub = response.ok && typeof body === 'object' && body !== null && 'version' in body
    return {ready: isHub, answer: `HTTP ${String(response.status)}`}
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    return {ready: false, answer: messageOf(cause)}
  }
}

/** A hub that starts many servers at once may be slow to answer: it is running all the same. */
export const busyHubMs = 15_000
