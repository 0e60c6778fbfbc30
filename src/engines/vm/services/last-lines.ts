import type {Machine} from '../machines/machine.js'

/** The end of a service's log, oldest line first: what was written within ten seconds of being asked for. */
export function lastLines(machine: Pick<Machine, 'supervisor'>, of: 'hub' | 'https', count: number): Promise<string[]> {
  return Array.fromAsync(
    machine.supervisor.logs({of, lines: count, follow: false, signal: AbortSignal.timeout(10_000)}),
  )
}
