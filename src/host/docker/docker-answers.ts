import {JhubError} from '../../errors.js'

/** What the engine refuses, in a person's words: `JHUB-E215` where it does not answer, else `JHUB-E201`. */
export async function translated<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw translate(error)
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
    return new JhubError('JHUB-E215', 'The Docker engine does not answer', {
      cause: error,
      fix: 'Start Docker (docker info says whether it runs), then run the same command again.',
    })
  }
  return new JhubError('JHUB-E201', `The Docker engine refused: ${error.message}`, {cause: error})
}
