import type {Engine, HomesInUse} from '../../engines/engine.js'
import type {Clock} from '../../host/clock.js'

/** Homes as they were when they were last measured. */
export interface MeasuredHomes extends HomesInUse {
  /** ISO 8601: when it was done. */
  readonly measuredAt: string
}

/** So often homes are measured again: it reads every directory of theirs. */
const everyMs = 60_000
const longestMs = 120_000

export interface HomesMeter {
  /** What was last measured; `undefined` before the first time. Begins to measure again when that is long ago. */
  look(userNames: readonly string[]): MeasuredHomes | undefined
  /** Waits until what is being measured is there, or for so long. */
  wait(longestMs: number): Promise<void>
}

/** Measures homes beside whatever else is done, one time after the other, until the signal is aborted. */
export function homesMeter(engine: Pick<Engine, 'homes'>, clock: Clock, signal: AbortSignal): HomesMeter {
  let measured: MeasuredHomes | undefined
  let running: Promise<void> | undefined
  let begunAt = -Infinity
  const measure = async (userNames: readonly string[]) => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(longestMs)])
    const seen = await engine.homes.inUse(userNames, until).catch((error: unknown): HomesInUse => ({
      homes: new Map(),
      notSeen: `Homes cannot be measured: ${error instanceof Error ? error.message : String(error)}`,
    }))
    measured = {...seen, measuredAt: new Date(clock.now()).toISOString()}
    running = undefined
  }
  return {
    look(userNames) {
      if (running === undefined && clock.elapsed() - begunAt >= everyMs) {
        begunAt = clock.elapsed()
        running = measure(userNames)
      }
      return measured
    },
    async wait(atMostMs) {
      const done = new AbortController()
      const late = clock.sleep(atMostMs, AbortSignal.any([signal, done.signal])).catch(() => undefined)
      await Promise.race([running, late])
      done.abort()
    },
  }
}
