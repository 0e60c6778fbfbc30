import {execa} from 'execa'

/** What the design holds to: so many times the other, so many milliseconds more than it, or so many in all. */
export type Bound = {readonly times: number} | {readonly moreMs: number} | {readonly ms: number}

/** One comparison: how much ours took against the same thing done otherwise, in the same run. */
export interface Comparison {
  readonly what: string
  /** Milliseconds, or bytes where `unit` says so. */
  readonly ours: number
  readonly otherwise: string
  readonly theirs: number
  readonly unit?: 'bytes'
  /** Absent: it is told and held to nothing. */
  readonly hold?: Bound
}

/** A list of comparisons and of lines that stand for themselves. Throws Skipped where it cannot be run. */
export type Bench = (say: (line: string) => void) => AsyncIterable<Comparison>

/** A bench that cannot be run here, and why. */
export class Skipped extends Error {}

/** Milliseconds that an action took. */
export async function timeOf(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await action()
  return performance.now() - started
}

/** The median of several runs, in milliseconds. */
export async function medianOf(runs: number, action: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) times.push(await timeOf(action))
  return percentile(times, 0.5)
}

/** The medians of two actions that are run in turn, in milliseconds: what else the machine does hits both. */
export async function mediansInTurn(
  runs: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<readonly [number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let run = 0; run < runs; run++) {
    times[0].push(await timeOf(one))
    times[1].push(await timeOf(other))
  }
  return [percentile(times[0], 0.5), percentile(times[1], 0.5)]
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Runs a program whose output nobody reads; fails as it fails. */
export async function runQuietly(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  const [program = '', ...rest] = argv
  await execa(program, rest, {env, stdin: 'ignore', timeout: 900_000})
}
