import type {LogOptions} from '../engine.js'
import type {Cluster} from './clusters/cluster.js'
import {serverContainer} from './names.js'
import type {Pod} from './pod-trouble.js'
import {requireKube} from './require-kube.js'

const containers = {hub: 'hub', proxy: 'chp'} as const

/** Lines of the hub's, the proxy's or a person's server's log; none when it has no pod. */
export async function* readLog(
  cluster: Cluster,
  namespace: string,
  {of, lines, follow, signal}: LogOptions,
): AsyncIterable<string> {
  // A cluster's front is its ingress, and not ours.
  if (of === 'front') return
  const api = await requireKube(cluster)
  const labels = typeof of === 'string' ? `component=${of}` : 'component=singleuser-server'
  const pods = await api.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace, labels})
  const pod =
    typeof of === 'string'
      ? pods.at(-1)
      : pods.find(({metadata}) => metadata.annotations?.['hub.jupyter.org/username'] === of.user)
  if (pod === undefined) return
  const container = typeof of === 'string' ? containers[of] : serverContainer
  yield* api.podLog({namespace, pod: pod.metadata.name, container, lines, follow, signal})
}
