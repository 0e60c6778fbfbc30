import type {Clock} from '../../../host/clock.js'
import type {HubServer} from '../../../jupyterhub/hub-model.js'
import type {RunningServers} from '../../engine.js'
import type {Cluster} from '../clusters/cluster.js'
import {changePod} from './change-pod.js'
import {readPlaces} from './places-on-nodes.js'
import {podTrouble, type Pod, type PodEvent} from './pod-trouble.js'
import {readQuota} from './read-quota.js'
import {readUsage} from './read-usage.js'
import {podLimits} from './server-limits.js'
import {startEvent} from './start-event.js'

/** Servers as pods of a namespace. */
export function runningServers(cluster: Cluster, clock: Clock, namespace: string): RunningServers {
  const findPod = async (server: HubServer): Promise<Pod | undefined> => {
    const name = server.state?.['pod_name']
    const api = await cluster.api()
    if (typeof name !== 'string' || api === undefined) return undefined
    return api.read<Pod>({apiVersion: 'v1', kind: 'Pod', name, namespace})
  }
  return {
    async limitsInForce(server) {
      const pod = await findPod(server)
      return pod === undefined ? {memoryBy: 'not enforced', cpuBy: 'not enforced'} : podLimits(pod)
    },

    totalInForce: () => readQuota(cluster, namespace),
    usage: (servers) => readUsage(cluster, namespace, servers),

    async changeLimits(server, wanted) {
      const [pod, api] = await Promise.all([findPod(server), cluster.api()])
      return pod === undefined || api === undefined ? undefined : changePod({api, clock, pod, wanted})
    },

    async places(spec) {
      const api = await cluster.api()
      return api === undefined ? undefined : readPlaces(api, namespace, spec)
    },

    async startEvent(seen) {
      const event = seen as PodEvent
      const words = startEvent(event)
      const {name, uid} = event.involvedObject ?? {}
      const api = words === undefined || name === undefined ? undefined : await cluster.api()
      if (name === undefined || api === undefined) return undefined
      const pod = await api.read<Pod>({apiVersion: 'v1', kind: 'Pod', name, namespace})
      // KubeSpawner also hands on what was said of an earlier pod of that name.
      return pod?.metadata.uid === uid ? words : undefined
    },

    async startTrouble(server) {
      const [pod, api] = await Promise.all([findPod(server), cluster.api()])
      if (pod === undefined || api === undefined) return undefined
      const events = await api.list<PodEvent>({apiVersion: 'v1', kind: 'Event', namespace})
      return podTrouble(pod, events, cluster.own === undefined ? 'theirs' : 'ours')
    },
  }
}
