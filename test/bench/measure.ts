import {execa} from 'execa'

/** One comparison: how long ours took against the same thing done otherwise, in the same run. */
export interface Comparison {
  readonly what: string
  readonly oursMs: number
  readonly otherwise: string
  readonly otherwiseMs: number
  /** The bound that the design holds to, in words. */
  readonly hold: string
}

/** A list of comparisons and of lines that stand for themselves. */
export type Bench = (say: (line: string) => void) => AsyncIterable<Comparison>

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

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Runs a program whose output nobody reads; fails as it fails. */
export async function runQuietly(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  const [program = '', ...rest] = argv
  await execa(program, rest, {env, stdin: 'ignore', timeout: 900_000})
}

export function renderComparison({what, oursMs, otherwise, otherwiseMs, hold}: Comparison): string {
  const seconds = (ms: number) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`)
  const ratio = (oursMs / otherwiseMs).toFixed(2)
  return `${what}: ${ratio} × ${otherwise}   (${seconds(oursMs)} against ${seconds(otherwiseMs)}; to hold: ${hold})`
}
