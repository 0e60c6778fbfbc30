/** Ends what says nothing for too long. */
export interface StallLimit {
  /** Aborted, with an error whose words say so, once nothing was heard for the limit; also when the outer signal is. */
  readonly signal: AbortSignal
  readonly heard: () => void
  /** It is over: there is no limit any more. */
  readonly end: () => void
}

export function stallLimit(limitMs: number, outer: AbortSignal): StallLimit {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(new Error(`i/o timeout: nothing was heard for ${String(limitMs / 1000)} s`))
  }, limitMs)
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    heard: () => timer.refresh(),
    end: () => clearTimeout(timer),
  }
}
