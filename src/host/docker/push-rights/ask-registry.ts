import type {Dispatcher} from 'undici'
import {definedOnly} from '../../../defined-only.js'

const longestMs = 15_000

/** What a registry, or who gives tokens for it, said; a body that is no JSON is `undefined`. */
export interface Answer {
  readonly status: number
  readonly headers: Dispatcher.ResponseData['headers']
  readonly body: unknown
}

export type Ask = (
  url: string,
  method: 'GET' | 'POST' | 'DELETE',
  authorization?: string,
  form?: URLSearchParams,
) => Promise<Answer>

/** Asks within one deadline. */
export async function asking(dispatcher: Dispatcher): Promise<Ask> {
  const {request} = await import('undici')
  const signal = AbortSignal.timeout(longestMs)
  return async (url, method, authorization, form) => {
    const type = form && 'application/x-www-form-urlencoded'
    const headers = definedOnly({authorization, 'content-type': type})
    const sent = definedOnly({body: form?.toString()})
    const answer = await request(url, {dispatcher, method, signal, headers, ...sent})
    const text = await answer.body.text()
    return {status: answer.statusCode, headers: answer.headers, body: parse(text)}
  }
}

/** Empty for what is no object. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
