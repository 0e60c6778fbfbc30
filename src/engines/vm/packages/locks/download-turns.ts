/** Runs an install that tells when it has downloaded all that it needs. */
export type DownloadTurn = <T>(install: (downloaded: () => void) => Promise<T>) => Promise<T>

/**
 * For installs side by side that need many of the same packages: one downloads at a time, so that the next finds in uv's cache
 * what they share. It begins when the one before has its packages, or has failed.
 */
export function downloadTurns(): DownloadTurn {
  let last: Promise<unknown> = Promise.resolve()
  return async (install) => {
    const before = last
    const {promise, resolve} = Promise.withResolvers()
    const downloaded = () => {
      resolve(undefined)
    }
    last = promise
    await before
    try {
      return await install(downloaded)
    } finally {
      downloaded()
    }
  }
}
