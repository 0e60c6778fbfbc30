import {JhubError} from '../../../errors.js'
import type {HubServer} from '../../../jupyterhub/hub-api.js'
import type {ServerUsage, UsageSeen} from '../../engine.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {readKubeQuantity} from '../api/kube-quantity.js'

interface PodMetrics extends KubeObject {
  readonly containers?: readonly {readonly usage?: Readonly<Record<string, string>>}[]
}

const noMetrics = 'The cluster has no metrics (no metrics-server): what servers use cannot be seen.'

/** What the cluster's metrics say of servers, over a window of their own. */
export async function readUsage(
  cluster: Cluster,
  namespace: string,
  servers: readonly HubServer[],
): Promise<UsageSeen> {
  const api = await cluster.api()
  const metrics = api === undefined ? undefined : await listMetrics(api, namespace)
  if (metrics === undefined) return {notSeen: noMetrics}
  return {
    servers: servers.map(({state}) => {
      const pod = metrics.find(({metadata}) => metadata.name === state?.['pod_name'])
      return pod === undefined ? undefined : usageOf(pod)
    }),
  }
}

/** `undefined`: nobody in the cluster answers for metrics. */
async function listMetrics(api: KubeApi, namespace: string): Promise<readonly PodMetrics[] | undefined> {
  try {
    return await api.list<PodMetrics>({apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics', namespace})
  } catch (error) {
    if (error instanceof JhubError && [404, 503].includes(Number(error.details?.['status']))) return undefined
    throw error
  }
}

function usageOf({containers = []}: PodMetrics): ServerUsage {
  const sum = (what: string) => containers.reduce((total, {usage}) => total + (readKubeQuantity(usage?.[what]) ?? 0), 0)
  return {memoryBytes: sum('memory'), cpuCores: sum('cpu')}
}
