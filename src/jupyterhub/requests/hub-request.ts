import {JhubError, messageOf} from '../../errors.js'
import {fetchTrusted, type TrustedAnswer} from '../tls/fetch-trusted.js'
import type {HubConnection} from '../hub-connection.js'

export interface HubRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly accept?: string
  /** Statuses that are answers and not failures, besides 2xx. */
  readonly answers?: readonly number[]
  readonly timeoutMs?: number
}

export interface HubAnswer {
  readonly status: number
  readonly body: unknown
}

/** After so long a person is told what is waited for. */
const slowMs = 5_000

export type Send = (path: string, request?: HubRequest) => Promise<HubAnswer>

/**
 * Asks the hub's REST API. Throws `JHUB-E204` when nobody answers, `JHUB-E501` when it takes too long, `JHUB-E210` with the
 * hub's own words for anything that is not expected.
 */
export function sendTo(
  connection: HubConnection,
  {signal, onWait}: {readonly signal?: AbortSignal; readonly onWait?: (text: string) => void} = {},
): Send {
  let isTold = false
  const tell = () => {
    if (!isTold) onWait?.('The hub is slow to answer. jhub is still waiting.')
    isTold = true
  }
  return async (path, request = {}) => {
    const {method = 'GET', timeoutMs = 30_000} = request
    const until = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])])
    const waiting = setTimeout(tell, slowMs)
    let response: TrustedAnswer
    let body: unknown
    try {
      response = await fetchHub(connection, path, request, until)
      body = await inWords(connection, {method, path, signal: until}, () => readBody(response))
    } finally {
      clearTimeout(waiting)
    }
    if (response.ok || (request.answers ?? []).includes(response.status)) return {status: response.status, body}
    if (response.status === 503) throw notRunning(connection)
    throw new JhubError(
      'JHUB-E210',
      `The hub answered ${String(response.status)} to ${method} ${path}: ${hubMessage(body)}`,
      {
        fix: ['jhub logs', 'jhub doctor'],
        details: {status: response.status},
      },
    )
  }
}

/** A request whose answer is read as it comes. */
export async function fetchHub(
  connection: HubConnection,
  path: string,
  request: HubRequest,
  signal: AbortSignal,
): Promise<TrustedAnswer> {
  const {method = 'GET', body, accept = 'application/json'} = request
  return inWords(connection, {method, path, signal}, () => {
    const init = {
      method,
      signal,
      headers: {authorization: `token ${connection.token}`, accept, 'content-type': 'application/json'},
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    }
    return fetchTrusted(`${connection.url}/hub/api${path}`, init, connection.trust)
  })
}

/** Of anything that goes wrong on the way, an error that a person can read: an answer can end in the middle, too. */
async function inWords<T>(
  connection: HubConnection,
  {method, path, signal}: {readonly method: string; readonly path: string; readonly signal: AbortSignal},
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new JhubError('JHUB-E501', `The hub did not answer ${method} ${path} in time`, {fix: 'jhub logs'})
    }
    if (signal.aborted) throw error
    throw notRunning(connection, error)
  }
}

export function hubMessage(body: unknown): string {
  const message: unknown = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined
  return typeof message === 'string' && message !== '' ? message : 'no reason given'
}

async function readBody(response: TrustedAnswer): Promise<unknown> {
  const text = await response.text()
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function notRunning({url}: HubConnection, error?: unknown): JhubError {
  const cause = error instanceof Error ? (error.cause ?? error) : undefined
  return new JhubError('JHUB-E204', `The hub does not answer at ${url}`, {
    fix: ['jhub up', 'jhub status'],
    ...(cause === undefined ? {} : {cause: new Error(messageOf(cause))}),
  })
}
