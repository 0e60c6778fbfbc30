/** How long something took for many people, in milliseconds. */
export interface Spread {
  /** How many it was measured for. */
  readonly count: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly mostMs: number
}

/**
 * The smallest of the values that at least the share `q` (0 to 1) of them do not exceed (nearest rank): always one that was
 * measured. `undefined` for no values.
 */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]
}

/** `null` where nothing was measured. */
export function spreadOf(values: readonly number[]): Spread | null {
  const [p50Ms, p95Ms, mostMs] = [quantile(values, 0.5), quantile(values, 0.95), quantile(values, 1)]
  if (p50Ms === undefined || p95Ms === undefined || mostMs === undefined) return null
  return {count: values.length, p50Ms, p95Ms, mostMs}
}

export interface CurvePoint {
  readonly atMs: number
  readonly value: number
}

/** How many of some moments have passed, over time: a point where it begins, and one for each moment. */
export function countOverTime(momentsMs: readonly number[]): readonly CurvePoint[] {
  const sorted = momentsMs.toSorted((one, other) => one - other)
  return [{atMs: 0, value: 0}, ...sorted.map((atMs, index) => ({atMs, value: index + 1}))]
}

/** When each of `count` people arrives who are spread evenly over a time: the first at once. Milliseconds. */
export function arrivals(count: number, overMs: number): readonly number[] {
  return Array.from({length: count}, (_, index) => Math.round((index * overMs) / count))
}
