import {messageOf} from '../errors.js'

/** Whether a hub answers at a base address, and what was answered. Needs no token; gives up after two seconds. */
export async function isHubReady(url: string): Promise<{readonly ready: boolean; readonly answer: string}> {
  try {
    const response = await fetch(`${url}/hub/api/`, {signal: AbortSignal.timeout(2_000)})
    const body: unknown = await response.json().catch(() => undefined)
    const isHub = response.ok && typeof body === 'object' && body !== null && 'version' in body
    return {ready: isHub, answer: `HTTP ${String(response.status)}`}
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    return {ready: false, answer: messageOf(cause)}
  }
}
