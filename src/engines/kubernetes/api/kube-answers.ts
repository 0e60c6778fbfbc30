import {ApiException} from '@kubernetes/client-node'
import {JhubError, messageOf} from '../../../errors.js'
import {shellWord} from '../../../hub-spec/shell-word.js'

/** A node that shares a busy computer takes its time; one that is away says nothing for longer. */
const timeoutMs = 30_000

class NoAnswer extends Error {}

/** Throws `NoAnswer` after a while. */
export async function inTime<T>(action: Promise<T>): Promise<T> {
  let timeout: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timeout = setTimeout(() => {
      reject(new NoAnswer(`no answer within ${String(timeoutMs / 1000)} s`))
    }, timeoutMs)
  })
  try {
    return await Promise.race([action, late])
  } finally {
    clearTimeout(timeout)
  }
}

/** Does what is asked of the API. Throws what `translate` makes of its answer; `what` names it in a sentence. */
export type AskKube = <T>(what: string, action: () => Promise<T>) => Promise<T>

/** `undefined` if the API answers that there is no such object. */
export async function absentIsUndefined<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined
    throw error
  }
}

export interface Place {
  readonly server: string
  /** Of a cluster that somebody else made. */
  readonly context: string | undefined
}

/** What the API or the way to it said, in a person's words; see `KubeApi`. */
export function translate(error: unknown, what: string, place: Place): JhubError {
  if (!(error instanceof ApiException)) return unanswered(error, place)
  const details = {status: error.code}
  if (error.code === 401)
    return new JhubError(
      'JHUB-E212',
      `The cluster at ${place.server} does not accept this account (401): its token or certificate has expired or was revoked`,
      {fix: lookAt(place), details},
    )
  const said = wordsOf(error.body)
  if (error.code === 403) {
    return new JhubError('JHUB-E212', `The cluster refused ${what}: ${said}`, {
      fix: 'kubectl auth can-i --list   # an admin of the cluster can give what is missing',
      details,
    })
  }
  return new JhubError('JHUB-E210', `The cluster answered ${String(error.code)} to ${what}: ${said}`, {details})
}

function unanswered(error: unknown, place: Place): JhubError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const {server} = place
  const message =
    cause instanceof NoAnswer
      ? `The cluster at ${server} did not answer within ${String(timeoutMs / 1000)} s`
      : code === 'ECONNREFUSED'
        ? `Nothing listens at ${server}: the cluster is stopped, or its address has changed`
        : `The cluster at ${server} cannot be reached`
  return new JhubError('JHUB-E211', message, {cause: new Error(messageOf(cause)), fix: lookAt(place)})
}

function lookAt({context}: Place): readonly string[] {
  return context === undefined
    ? ['jhub doctor', 'jhub start   # when it was stopped']
    : [`kubectl --context ${shellWord(context)} get nodes`, 'jhub doctor']
}

function wordsOf(body: unknown): string {
  const value: unknown = typeof body === 'string' ? parseOr(body) : body
  const message: unknown = typeof value === 'object' && value !== null && 'message' in value ? value.message : value
  return typeof message === 'string' && message !== '' ? message : 'no reason given'
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
