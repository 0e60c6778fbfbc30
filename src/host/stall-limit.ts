/** Ends what says nothing for too long. */
export interface StallLimit {
  /** Aborted, with an error whose words say so, once nothing was heard for the limit; also when the outer signal is. */
  readonly signal: AbortSignal
  readonly heard: () => void
  /** Passes a stream on, and hears each part of it. */
  readonly listen: <T>(parts: AsyncIterable<T>) => AsyncGenerator<T, void>
  /** It is over: there is no limit any more. */
  readonly end: () => void
}

export function stallLimit(limitMs: number, outer?: AbortSignal): StallLimit {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(new Error(`i/o timeout: nothing was heard for ${String(limitMs / 1000)} s`))
  }, limitMs)
  const heard = () => void timer.refresh()
  return {
    signal: outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal]),
    heard,
    async *listen(parts) {
      for await (const part of parts) {
        heard()
        yield part
      }
    },
    end: () => clearTimeout(timer),
  }
}
