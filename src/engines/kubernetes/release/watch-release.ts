import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {waitUntil, type Probe} from '../../../steps/wait-until.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {describePod, podTrouble, type ImagePlace, type Pod, type PodEvent, type Trouble} from '../pods/pod-trouble.js'

interface Deployment extends KubeObject {
  readonly spec?: {readonly replicas?: number}
  readonly status?: {
    readonly observedGeneration?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly replicas?: number
    readonly conditions?: readonly {readonly type: string; readonly status: string; readonly message?: string}[]
  }
}

export interface Watched {
  readonly api: KubeApi
  readonly clock: Clock
  readonly namespace: string
  readonly place: ImagePlace
  readonly signal: AbortSignal
  readonly report: (text: string) => void
  /** Pods on their way out, whose trouble is that of what was before. */
  readonly leaving?: ReadonlySet<string>
  /** Whether the hub's endpoint answers; asked when its pods are ready. */
  readonly isOpen: () => Promise<{readonly ready: boolean; readonly answer: string}>
}

/** A trouble that may pass is given this long. */
const patienceMs = 60_000
/** A hub that ends because it does not reach its proxy is started again by the cluster, after pauses of up to five minutes. */
const proxyPatienceMs = 360_000
const deadlineMs = 900_000

/**
 * Waits until hub and proxy run as they were last wanted and the endpoint answers. Stops at once, with cause and remedy, when
 * something is wrong that does not mend itself: an image that cannot be had, a hub that ends again and again for another
 * reason than that its proxy still starts, a volume or a place that cannot be given. Throws `JHUB-E206`, or `JHUB-E501`.
 */
export async function watchRelease(watched: Watched): Promise<void> {
  const {api, clock, namespace, signal, report} = watched
  const since = new Map<string, number>()
  const probe = async (): Promise<Probe<true>> => {
    const [deployments, pods, events] = await Promise.all([
      Promise.all(['hub', 'proxy'].map((name) => readDeployment(api, namespace, name))),
      api.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace}),
      api.list<PodEvent>({apiVersion: 'v1', kind: 'Event', namespace}),
    ])
    if (deployments.every((deployment) => deployment !== undefined && isRolledOut(deployment))) {
      const endpoint = await watched.isOpen()
      return endpoint.ready ? {ready: true} : {notYet: `the hub answers: ${endpoint.answer}`}
    }
    const refused = deployments.flatMap((deployment) => refusedTrouble(deployment) ?? [])
    const core = pods.filter((pod) => isCore(pod) && watched.leaving?.has(pod.metadata.name) !== true)
    for (const trouble of [...refused, ...core.flatMap((pod) => podTrouble(pod, events, watched.place) ?? [])]) {
      const key = `${trouble.pod}: ${trouble.what}`
      const first = since.get(key) ?? clock.elapsed()
      since.set(key, first)
      const forMs = clock.elapsed() - first
      if (!trouble.isFinal && forMs < patienceMs) continue
      const words = trouble.lastWordsOf === undefined ? [] : await lastWords(api, namespace, trouble)
      if (isWithoutProxy(words) && forMs < proxyPatienceMs) continue
      throw toError(trouble, words)
    }
    const seen = [...refused.map(({pod, what}) => `${pod}: ${what}`), ...core.map((pod) => describePod(pod, events))]
    const notYet = seen.length === 0 ? 'no pod yet' : seen.join(', ')
    report(notYet)
    return {notYet}
  }
  await waitUntil(probe, {what: 'the hub to come up', deadlineMs, intervalMs: 500, clock, signal, fix: 'jhub doctor'})
}

async function readDeployment(api: KubeApi, namespace: string, name: string): Promise<Deployment | undefined> {
  return api.read<Deployment>({apiVersion: 'apps/v1', kind: 'Deployment', namespace, name})
}

/** What the cluster says when it does not let a deployment have its pod: a quota, a limit range, a level of security. */
function refusedTrouble(deployment: Deployment | undefined): Trouble | undefined {
  const refused = deployment?.status?.conditions?.find(
    ({type, status}) => type === 'ReplicaFailure' && status === 'True',
  )
  if (deployment === undefined || refused === undefined) return undefined
  const {name, namespace = ''} = deployment.metadata
  const said = refused.message?.replace(/^pods "[^"]*" is forbidden: /, '') ?? 'no reason given'
  return {
    pod: name,
    what: `the cluster refuses its pod: ${said}`,
    fix: [`kubectl --namespace ${namespace} describe quota,limits`, 'jhub doctor'],
    // A quota may be freed by what is just going.
    isFinal: !said.includes('exceeded quota'),
  }
}

/** The newest template is the one that runs, and nothing of an older one is left. */
function isRolledOut({metadata, status, spec}: Deployment): boolean {
  const wanted = spec?.replicas ?? 1
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    status?.updatedReplicas === wanted &&
    status.readyReplicas === wanted &&
    status.replicas === wanted
  )
}

/** Pods of the hub that cannot serve now: once it is given other settings, they go. */
export async function readFailing(api: KubeApi, namespace: string): Promise<ReadonlySet<string>> {
  const [pods, events] = await Promise.all([
    api.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace}),
    api.list<PodEvent>({apiVersion: 'v1', kind: 'Event', namespace}),
  ])
  const failing = pods.filter((pod) => isCore(pod) && podTrouble(pod, events) !== undefined)
  return new Set(failing.map(({metadata}) => metadata.name))
}

function isCore({metadata}: Pod): boolean {
  return ['hub', 'proxy'].includes(
    metadata.labels?.['component'] ?? metadata.labels?.['app.kubernetes.io/component'] ?? '',
  )
}

/** Whether the hub ended in a question to its proxy, as it does while that starts: after a node was started again, for one. */
function isWithoutProxy(words: readonly string[]): boolean {
  return words.some((line) => /jupyterhub\/proxy\.py", line/.test(line))
}

function toError(trouble: Trouble, words: readonly string[]): JhubError {
  return new JhubError('JHUB-E206', `${trouble.pod}: ${trouble.what}`, {
    fix: trouble.fix,
    ...(words.length === 0 ? {} : {cause: new Error(words.join('\n'))}),
  })
}

async function lastWords(api: KubeApi, namespace: string, {pod, lastWordsOf}: Trouble): Promise<readonly string[]> {
  const options = {namespace, pod, lines: 15, ...definedOnly({container: lastWordsOf})}
  const before = await Array.fromAsync(api.podLog({...options, previous: true}))
  return before.length > 0 ? before : Array.fromAsync(api.podLog({...options, previous: false}))
}
