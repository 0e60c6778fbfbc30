import {kernelMs} from './first-kernel.js'
import {startByHand, stopByHand, type Hub} from './hub-by-hand.js'
import {percentile, timeOf} from './measure.js'

const rounds = 5

/** What one server takes of a machine on which nothing else happens. */
export interface OneServer {
  /** From asking for it until it is ready; the median of five starts. */
  readonly oneMs: number
  /** From asking it for its first kernel until that has answered; the median of five servers. */
  readonly kernelMs: number
  /** Memory before it has a kernel. */
  readonly idleBytes: number
}

/** Starts one person's server again and again; the last one runs afterwards. */
export async function oneServer(hub: Hub, name: string, memory: () => Promise<number>): Promise<OneServer> {
  const starts: number[] = []
  const kernels: number[] = []
  let idleBytes = Number.NaN
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await stopByHand(hub, name)
    starts.push(await timeOf(() => startByHand(hub, name)))
    if (round === 0) idleBytes = await memory()
    kernels.push(await kernelMs(hub, name))
  }
  return {oneMs: percentile(starts, 0.5), kernelMs: percentile(kernels, 0.5), idleBytes}
}
