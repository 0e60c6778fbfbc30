import type {IncomingMessage} from 'node:http'
import {json, text} from 'node:stream/consumers'
import {tlsOptions} from './tls-options.js'
import type {EndpointTrust} from '../hub-connection.js'
import {ifDefined} from '../../defined-only.js'

export interface FetchTrustedOptions {
  readonly method?: string
  readonly signal: AbortSignal
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Of a response, what is read here. */
export interface TrustedAnswer {
  readonly ok: boolean
  readonly status: number
  readonly body: AsyncIterable<Uint8Array>
  text(): Promise<string>
  json(): Promise<unknown>
}

/**
 * A request to the hub's own endpoint, trusted as it wants to be where it has HTTPS. By Node's own client and not by its `fetch`,
 * which takes longer to load than all the rest of a small verb.
 */
export async function fetchTrusted(
  url: string,
  request: FetchTrustedOptions,
  trust: EndpointTrust | undefined,
): Promise<TrustedAnswer> {
  const {signal} = request
  const answered = <T>(action: Promise<T>) =>
    action.catch((error: unknown): never => {
      throw signal.aborted ? signal.reason : error
    })
  const response = await answered(send(url, request, trust))
  const status = response.statusCode ?? 0
  return {
    ok: status >= 200 && status < 300,
    status,
    body: response,
    text: () => answered(text(response)),
    json: () => answered(json(response)),
  }
}

async function send(
  url: string,
  {method = 'GET', signal, headers, body}: FetchTrustedOptions,
  trust: EndpointTrust | undefined,
): Promise<IncomingMessage> {
  const {request} = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  // Node does not send Content-Length for DELETE, so set it.
  const length = body === undefined ? {} : {'content-length': Buffer.byteLength(body)}
  const options = {method, signal, headers: {...headers, ...length}, ...ifDefined(trust, tlsOptions)}
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body)
  })
}
