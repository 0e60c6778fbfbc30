/** Runs a part of an install that tells when the next install may begin with its own. */
export type Turn = <T>(part: (over: () => void) => Promise<T>) => Promise<T>

/**
 * Of installs side by side that need many of the same packages: one downloads at a time, so that the next finds in uv's cache
 * what they share, and one compiles at a time, so that the next links to what they share.
 */
export interface InstallTurns {
  readonly download: Turn
  readonly compile: Turn
}

export function installTurns(): InstallTurns {
  return {download: inTurns(), compile: inTurns()}
}

/** Each begins when the one before has said that its part is over, has ended, or has failed. */
function inTurns(): Turn {
  let last: Promise<unknown> = Promise.resolve()
  return async (part) => {
    const before = last
    const {promise, resolve} = Promise.withResolvers()
    const over = () => {
      resolve(undefined)
    }
    last = promise
    await before
    try {
      return await part(over)
    } finally {
      over()
    }
  }
}
