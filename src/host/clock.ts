export interface Clock {
  /** Milliseconds since 1970, by the computer's clock as it was when the program started. */
  now(): number
  /** Waits; rejects with the signal's reason as soon as it is aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
}
