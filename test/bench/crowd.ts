import {startByHand, type Hub} from './hub-by-hand.js'
import {percentile, timeOf} from './measure.js'

/** Milliseconds of people who start at once. */
export interface Crowd {
  readonly allMs: number
  readonly p50Ms: number
  readonly p95Ms: number
}

/** Starts the servers of all at once by the hub's REST API, as a class that clicks. Fails when one fails. */
export async function startAtOnce(hub: Hub, names: readonly string[]): Promise<Crowd> {
  const ready: number[] = []
  const allMs = await timeOf(() =>
    Promise.all(names.map(async (who) => ready.push(await timeOf(() => startByHand(hub, who))))),
  )
  return {allMs, p50Ms: percentile(ready, 0.5), p95Ms: percentile(ready, 0.95)}
}

export function renderCrowd({p50Ms, p95Ms, allMs}: Crowd): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  return `p50 ${seconds(p50Ms)}, p95 ${seconds(p95Ms)}, the last ${seconds(allMs)}`
}
