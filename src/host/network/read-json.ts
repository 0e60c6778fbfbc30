import {outwardAgent} from './outward-agent.js'

export interface JsonAnswer {
  readonly status: number
  /** `undefined` for what is no JSON. */
  readonly body: unknown
  /** The server's clock, in milliseconds; where it says it. */
  readonly clockMs?: number
}

const longestMs = 10_000
const mostBytes = 1_000_000

/**
 * Reads JSON from an address, through a company's proxy where there is one. `ca`: PEM, in place of the authorities that the
 * system knows. Throws what went wrong on the way, and after ten seconds.
 */
export async function readJson(
  url: string,
  {ca, signal}: {readonly ca?: string; readonly signal: AbortSignal},
): Promise<JsonAnswer> {
  const [{request}, {rootCertificates}] = await Promise.all([import('undici'), import('node:tls')])
  const connect = {ca: ca === undefined ? [...rootCertificates] : [ca], timeout: longestMs}
  const agent = await outwardAgent({connect, requestTls: connect, maxResponseSize: mostBytes})
  try {
    const {statusCode, headers, body} = await request(url, {
      dispatcher: agent,
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
      headers: {accept: 'application/json'},
    })
    const text = await body.text()
    const clockMs = Date.parse(String(headers['date']))
    return {status: statusCode, body: parse(text), ...(Number.isNaN(clockMs) ? {} : {clockMs})}
  } finally {
    await agent.close()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
