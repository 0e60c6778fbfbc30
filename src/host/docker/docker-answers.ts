import {JhubError} from '../../errors.js'
import {stallLimit, type StallLimit} from '../stall-limit.js'

/** What the engine refuses, in a person's words: `JHUB-E215` where it does not answer, else `JHUB-E201`. */
export async function translated<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw translate(error)
  }
}

/**
 * As `translated`; throws `JHUB-E215` also when the engine takes the question and has no answer by then. Throws the signal's
 * reason once that is aborted.
 */
export async function answered<T>(action: () => Promise<T>, deadlineMs: number, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted()
  const {promise, reject} = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(Object.assign(new Error(`no answer within ${String(deadlineMs / 1000)} s`), {code: 'ETIMEDOUT'}))
  }, deadlineMs)
  const stop = () => {
    reject(signal?.reason as Error)
  }
  signal?.addEventListener('abort', stop, {once: true})
  try {
    return await translated(() => Promise.race([action(), promise]))
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

export interface Silence {
  readonly signal: AbortSignal
  /** How long the engine may neither take nor give a byte. */
  readonly stallMs: number
}

/** What was ended because the engine was silent is told as that (`JHUB-E215`), whatever the broken stream says of it. */
export async function untilSilent<T>({signal, stallMs}: Silence, work: (limit: StallLimit) => Promise<T>): Promise<T> {
  const limit = stallLimit(stallMs, signal)
  try {
    return await work(limit)
  } catch (error) {
    signal.throwIfAborted()
    throw limit.signal.aborted ? engineIsSilent(limit.signal.reason) : error
  } finally {
    limit.end()
  }
}

/** The status of HTTP with which the engine refused; `undefined` where it did not answer. */
export function statusOf(error: unknown): unknown {
  return error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
}

/** An engine that does not answer at all has no status to give. */
export function translate(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof JhubError) return error
  if (statusOf(error) === undefined && 'code' in error) {
    return engineIsSilent(error)
  }
  const [, image] = /no such image: (\S+)/i.exec(error.message) ?? []
  if (statusOf(error) === 404 && image !== undefined)
    return new JhubError('JHUB-E201', `The image ${image} is no longer in Docker: somebody removed it`, {
      cause: error,
      fix: 'Run the same command again; it creates what is missing',
    })
  return new JhubError('JHUB-E201', `The Docker engine refused: ${error.message}`, {
    cause: error,
    fix: 'docker info   # check the engine, then run the same command again',
  })
}

/** `JHUB-E215`, for an engine that is asked and says nothing. */
export function engineIsSilent(cause: unknown): JhubError {
  return new JhubError('JHUB-E215', 'The Docker engine does not answer', {
    cause,
    fix: 'Start Docker (docker info says whether it runs), then run the same command again.',
  })
}
