import type {TotalInForce} from '../../engine.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeObject} from '../api/kube-api.js'
import {readKubeQuantity} from '../api/kube-quantity.js'
import {quotaName} from '../clusters/names.js'

interface Quota extends KubeObject {
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>
    readonly used?: Readonly<Record<string, string>>
  }
}

/** What the cluster's own quota holds all servers to, and what it counts of it. */
export async function readQuota(cluster: Cluster, namespace: string): Promise<TotalInForce> {
  const api = await cluster.api()
  const quota = await api?.read<Quota>({apiVersion: 'v1', kind: 'ResourceQuota', name: quotaName, namespace})
  const counted = 'limits of running servers'
  if (quota === undefined) return {memoryBy: 'not enforced', cpuBy: 'not enforced', counted}
  const {hard = {}, used = {}} = quota.status ?? {}
  const numbers = {
    memoryBytes: readKubeQuantity(hard['limits.memory']),
    cpuCores: readKubeQuantity(hard['limits.cpu']),
    memoryUsedBytes: readKubeQuantity(used['limits.memory']),
    cpuUsedCores: readKubeQuantity(used['limits.cpu']),
  }
  const known = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined))
  return {...known, holder: `ResourceQuota ${quotaName}`, memoryBy: 'Kubernetes', cpuBy: 'Kubernetes', counted}
}
