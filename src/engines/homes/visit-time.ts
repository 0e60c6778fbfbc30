/** How long a visit to a home may take without a byte that moves: a person can keep a program of their number from going on. */
const longestPauseMs = 300_000
/** A slower line than this is taken for none. */
const slowestBytesPerMs = 32

export interface VisitTime {
  /** Aborted when somebody interrupted jhub, and when the time is over. */
  readonly signal: AbortSignal
  readonly isOver: boolean
  /** Gives more time, as much as these bytes take on a slow line. */
  extend(bytes: number): void
  end(): void
}

/** The time of one visit: five minutes, and longer the more comes and goes. Ended by `end`, so that nothing waits for it. */
export function visitTime(interrupt: AbortSignal, longestMs = longestPauseMs): VisitTime {
  const ending = new AbortController()
  let isOver = false
  let until = performance.now() + longestMs
  const expire = () => {
    isOver = true
    ending.abort(new Error('the time of a visit is over'))
  }
  let timer = setTimeout(expire, longestMs)
  return {
    signal: AbortSignal.any([interrupt, ending.signal]),
    get isOver() {
      return isOver
    },
    extend(bytes) {
      if (isOver) return
      until += Math.floor(bytes / slowestBytesPerMs)
      clearTimeout(timer)
      timer = setTimeout(expire, Math.max(0, until - performance.now()))
    },
    end: () => clearTimeout(timer),
  }
}
