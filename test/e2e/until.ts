const deadlineMs = 540_000
const firstPauseMs = 200
const lastPauseMs = 2000

/** What a connection fails with where nothing listens, or what listened has just ended, or its machine boots. */
const nobodyThere = new Set<unknown>(
  'ECONNREFUSED ECONNRESET EPIPE EHOSTUNREACH UND_ERR_SOCKET UND_ERR_CONNECT_TIMEOUT'.split(' '),
)

/**
 * Waits until `isSo` says true. An error of it ends the wait at once with that error. Throws with `what` after nine minutes,
 * a time that the busiest machine does not need. It looks ever more seldom: a look may be a whole command, which keeps the
 * machine from what is waited for.
 */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + deadlineMs
  for (let pauseMs = firstPauseMs; !(await isSo()); pauseMs = Math.min(pauseMs * 1.5, lastPauseMs)) {
    if (performance.now() > deadline) throw new Error(`not in nine minutes: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/**
 * As `until`, for an address where nobody may be for a moment, as of a hub that is started again: a connection that is
 * refused, cut or never made counts as no. Every other error ends the wait.
 */
export function untilReached(what: string, isSo: () => Promise<boolean>): Promise<void> {
  return until(what, async () => {
    try {
      return await isSo()
    } catch (error) {
      if (isNobodyThere(error)) return false
      throw error
    }
  })
}

function isNobodyThere(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return nobodyThere.has((error as NodeJS.ErrnoException).code) || isNobodyThere(error.cause)
}

/** As `untilReached`, for what a program is to do: the wait ends with the program. */
export function untilDoneBy(program: PromiseLike<unknown>, what: string, isSo: () => Promise<boolean>): Promise<void> {
  let hasEnded = false
  void program.then(() => {
    hasEnded = true
  })
  return untilReached(what, async () => {
    const wasOver = hasEnded
    if (await isSo()) return true
    if (wasOver) throw new Error(`the program ended before this: ${what}`)
    return false
  })
}
