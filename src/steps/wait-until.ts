import {JhubError} from '../errors.js'

/** What a probe saw: the answer, or why not yet. */
export type Probe<T> = {readonly ready: T} | {readonly notYet: string}

export interface WaitOptions {
  /** What is waited for, to follow "waiting for": `the hub to answer`. */
  readonly what: string
  readonly deadlineMs: number
  readonly intervalMs?: number
  readonly clock: {elapsed(): number; sleep(durationMs: number, signal?: AbortSignal): Promise<void>}
  readonly signal?: AbortSignal
  readonly fix?: string
}

/** Asks until the probe is ready. Throws `JHUB-E501` with the last answer seen when the deadline passes. */
export async function waitUntil<T>(probe: () => Promise<Probe<T>>, options: WaitOptions): Promise<T> {
  const started = options.clock.elapsed()
  for (;;) {
    options.signal?.throwIfAborted()
    const seen = await probe()
    if ('ready' in seen) return seen.ready
    if (options.clock.elapsed() - started >= options.deadlineMs) {
      throw new JhubError(
        'JHUB-E501',
        `Gave up waiting for ${options.what} after ${String(Math.round(options.deadlineMs / 1000))} s: ${seen.notYet}`,
        options.fix === undefined ? {} : {fix: options.fix},
      )
    }
    await options.clock.sleep(options.intervalMs ?? 100, options.signal)
  }
}
