import {definedOnly} from '../defined-only.js'
import {JhubError} from '../errors.js'
import type {Host} from '../host/host.js'
import {waitUntil} from '../steps/wait-until.js'

const politeMs = 15_000
const forcedMs = 5_000

export interface ProcessesToEnd {
  readonly pids: readonly number[]
  /** For people: `the hub`. */
  readonly what: string
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks processes to end, in this order; after 15 seconds, the system ends them. A pid that another program has taken
 * meanwhile is left alone. Throws `JHUB-E501` when one is still there five seconds later.
 */
export async function endProcesses(
  {processes, clock}: Pick<Host, 'processes' | 'clock'>,
  {pids, what, signal}: ProcessesToEnd,
): Promise<void> {
  const started = new Map<number, string>()
  for (const pid of new Set(pids)) {
    const startTime = await processes.startTime(pid)
    if (startTime !== undefined) started.set(pid, startTime)
  }
  const alive = async () => {
    const left: number[] = []
    for (const [pid, startTime] of started) if ((await processes.startTime(pid)) === startTime) left.push(pid)
    return left
  }
  const waitFor = (deadlineMs: number) =>
    waitUntil(
      async () => {
        const left = await alive()
        return left.length === 0 ? {ready: true} : {notYet: `still running: ${left.join(', ')}`}
      },
      {what: `${what} to end`, deadlineMs, intervalMs: 30, clock, ...definedOnly({signal})},
    )
  for (const pid of await alive()) await processes.signal(pid, 'SIGTERM')
  try {
    await waitFor(politeMs)
  } catch (error) {
    if (!(error instanceof JhubError) || error.code !== 'JHUB-E501') throw error
    for (const pid of await alive()) await processes.signal(pid, 'SIGKILL')
    await waitFor(forcedMs)
  }
}
