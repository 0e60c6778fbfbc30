import {JhubError} from '../../../errors.js'
import type {LogOptions} from '../../engine.js'
import type {Cluster} from '../clusters/cluster.js'
import {serverContainer} from '../clusters/names.js'
import {describePod, podTrouble, type Pod, type PodEvent} from './pod-trouble.js'
import {requireKube} from '../api/require-kube.js'

const containers = {hub: 'hub', proxy: 'chp'} as const

/**
 * Lines of the hub's, the proxy's or a person's server's log, and why there are none when its container never ran. Throws
 * `JHUB-E204` when there is no pod.
 */
export async function* readLog(
  cluster: Cluster,
  namespace: string,
  {of, lines, follow, signal}: LogOptions,
): AsyncIterable<string> {
  // A cluster's HTTPS proxy is its ingress, and not ours.
  if (of === 'https') return
  const api = await requireKube(cluster)
  const labels = typeof of === 'string' ? `component=${of}` : 'component=singleuser-server'
  const pods = await api.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace, labels})
  const pod =
    typeof of === 'string'
      ? pods.at(-1)
      : pods.find(({metadata}) => metadata.annotations?.['hub.jupyter.org/username'] === of.user)
  if (pod === undefined) throw noPod(of)
  const container = typeof of === 'string' ? containers[of] : serverContainer
  const status = pod.status?.containerStatuses?.find(({name}) => name === container)
  if (status?.state?.waiting !== undefined && (status.restartCount ?? 0) === 0) {
    const events = await api.list<PodEvent>({apiVersion: 'v1', kind: 'Event', namespace})
    yield `There is no log yet: ${podTrouble(pod, events)?.what ?? describePod(pod, events)}`
    return
  }
  yield* api.podLog({namespace, pod: pod.metadata.name, container, lines, follow, signal})
}

/** A pod takes its log with it. */
function noPod(of: 'hub' | 'proxy' | {readonly user: string}): JhubError {
  return typeof of === 'string'
    ? new JhubError('JHUB-E204', `The ${of} has no pod in the cluster, so there is no log`, {
        fix: ['jhub doctor', 'jhub up'],
      })
    : new JhubError(
        'JHUB-E204',
        `${of.user} has no server running, so there is no log: the log of a server is deleted with its pod`,
        {
          fix: [`jhub server start ${of.user}`, 'jhub logs'],
        },
      )
}
