import {definedOnly, ifDefined} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {ServerUsage} from '../../engine.js'
import type {KubeApi} from '../api/kube-api.js'
import type {Pod} from './pod-trouble.js'

/** What a kubelet knows of its pods (`/stats/summary`), as far as we read it. */
export interface NodeSummary {
  readonly pods?: readonly PodSummary[]
}

export interface PodSummary {
  readonly podRef: {readonly name: string; readonly namespace: string}
  readonly cpu?: {readonly usageNanoCores?: number}
  readonly memory?: {readonly workingSetBytes?: number}
  readonly process_stats?: {readonly process_count?: number}
  readonly volume?: readonly VolumeSummary[]
}

interface VolumeSummary {
  readonly usedBytes?: number
  readonly capacityBytes?: number
  /** Absent for a volume that is no claim's, or a plain directory of the node. */
  readonly pvcRef?: {readonly name: string; readonly namespace: string}
}

/**
 * What the nodes say of a namespace's pods. `not allowed`: this account may not ask them, as an account for one namespace may
 * not; `silent`: none of them answers.
 */
export async function readNodeSummaries(
  api: KubeApi,
  namespace: string,
  pods: readonly Pod[],
): Promise<readonly PodSummary[] | 'not allowed' | 'silent'> {
  const nodes = [...new Set(pods.flatMap(({spec}) => spec?.nodeName ?? []))]
  const answers = await Promise.all(nodes.map((node) => askNode(api, node)))
  const summaries = answers.filter((answer) => typeof answer !== 'string')
  if (summaries.length === 0 && nodes.length > 0) return answers.includes('not allowed') ? 'not allowed' : 'silent'
  return summaries.flatMap(({pods: seen = []}) => seen.filter(({podRef}) => podRef.namespace === namespace))
}

/** One node that is away leaves the pods of the others to be told. */
async function askNode(api: KubeApi, node: string): Promise<NodeSummary | 'not allowed' | 'silent'> {
  try {
    return (await api.nodeSummary(node)) as NodeSummary
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    return error.code === 'JHUB-E212' ? 'not allowed' : 'silent'
  }
}

/** A pod that has just started was not measured yet, which is told as nothing in use. */
export function usageOfSummary({cpu, memory, process_stats: processes}: PodSummary): ServerUsage {
  if ((memory?.workingSetBytes ?? 0) === 0) return {}
  return definedOnly({
    memoryBytes: memory?.workingSetBytes,
    cpuCores: ifDefined(cpu?.usageNanoCores, (nanoCores) => nanoCores / 1e9),
    processes: processes?.process_count,
  })
}
