export interface Clock {
  /** Milliseconds since 1970, by the computer's clock as it is now. */
  now(): number
  /** Milliseconds since some moment, for waits: setting the computer's clock, or sending the computer to sleep, changes nothing. */
  elapsed(): number
  /** Waits; rejects with the signal's reason as soon as it is aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
}
