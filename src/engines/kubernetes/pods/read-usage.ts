import {JhubError} from '../../../errors.js'
import type {HubServer} from '../../../jupyterhub/hub-model.js'
import type {ServerUsage, UsageSeen} from '../../engine.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {readKubeQuantity} from '../api/kube-quantity.js'
import {readNodeSummaries, usageOfSummary} from './node-summary.js'
import type {Pod} from './pod-trouble.js'

interface PodMetrics extends KubeObject {
  readonly containers?: readonly {readonly usage?: Readonly<Record<string, string>>}[]
}

const whyUnseen = {
  'not allowed':
    'What servers use is not known: the cluster has no metrics-server, and this account may not ask its nodes (get on nodes/proxy).',
  silent: 'What servers use is not known: the cluster has no metrics-server, and its nodes do not answer.',
} as const

/**
 * What servers use, over a window of the cluster's own: from its metrics, else from the nodes on which they run. Kills for want
 * of memory are those that the node counts by pod, or else the last that ended a whole server.
 */
export async function readUsage(
  cluster: Cluster,
  namespace: string,
  servers: readonly HubServer[],
): Promise<UsageSeen> {
  const api = await cluster.api()
  if (api === undefined) return {notSeen: 'The cluster is not running.'}
  const [metrics, pods, kills] = await Promise.all([
    listMetrics(api, namespace),
    api.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace}),
    cluster.own?.memoryKills(),
  ])
  const names = servers.map(({state}) => state?.['pod_name'])
  const own = pods.filter(({metadata}) => names.includes(metadata.name))
  const used = metrics ?? (await fromNodes(api, namespace, own))
  if (typeof used === 'string') return {notSeen: whyUnseen[used]}
  return {
    servers: names.map((name) => {
      const usage = used.get(String(name))
      const pod = own.find(({metadata}) => metadata.name === name)
      return usage === undefined && pod === undefined ? undefined : {...usage, ...memoryKills(pod, kills)}
    }),
  }
}

type ByPod = ReadonlyMap<string, ServerUsage>

async function fromNodes(api: KubeApi, namespace: string, pods: readonly Pod[]) {
  const summaries = await readNodeSummaries(api, namespace, pods)
  if (typeof summaries === 'string') return summaries
  return new Map(summaries.map((summary) => [summary.podRef.name, usageOfSummary(summary)]))
}

/** `undefined`: nobody in the cluster answers for metrics, or not to this account. */
async function listMetrics(api: KubeApi, namespace: string): Promise<ByPod | undefined> {
  try {
    const found = await api.list<PodMetrics>({apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics', namespace})
    return new Map(found.map((pod) => [pod.metadata.name, usageOf(pod)]))
  } catch (error) {
    if (error instanceof JhubError && [403, 404, 503].includes(Number(error.details?.['status']))) return undefined
    throw error
  }
}

function usageOf({containers = []}: PodMetrics): ServerUsage {
  const sum = (what: string) => containers.reduce((total, {usage}) => total + (readKubeQuantity(usage?.[what]) ?? 0), 0)
  return {memoryBytes: sum('memory'), cpuCores: sum('cpu')}
}

/** A container that was ended for want of memory starts again in the same pod, which remembers the last end only. */
function memoryKills(
  pod: Pod | undefined,
  counted: ReadonlyMap<string, number> = new Map(),
): Pick<ServerUsage, 'memoryKills'> {
  const statuses = pod?.status?.containerStatuses ?? []
  const ended = statuses.filter(
    ({state, lastState}) => state?.terminated?.reason === 'OOMKilled' || lastState?.terminated?.reason === 'OOMKilled',
  )
  return pod === undefined ? {} : {memoryKills: Math.max(ended.length, counted.get(pod.metadata.uid ?? '') ?? 0)}
}
