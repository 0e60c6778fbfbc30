import {randomBytes} from 'node:crypto'
import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {waitUntil} from '../../../steps/wait-until.js'
import type {KubeApi, KubeObject, ListOf, ObjectRef} from '../api/kube-api.js'
import {hubLabel, homePodComponent} from '../clusters/names.js'
import {describePod, isPodReady, podTrouble, type ImagePlace, type Pod, type PodEvent} from '../pods/pod-trouble.js'
import {homePod} from './home-pod.js'
import type {ServerPlace} from './server-place.js'

export interface HomePodPlace {
  readonly api: KubeApi
  readonly clock: Clock
  readonly namespace: string
  readonly hubName: string
  readonly server: ServerPlace
  readonly images: ImagePlace
}

/** An image may have to be downloaded, and a volume attached to another node. */
const deadlineMs = 180_000

/** A volume that a pod opens. */
export interface OpenedVolume {
  /** In the name of the pod. */
  readonly name: string
  /** For people: `the home of ana`. */
  readonly what: string
  readonly claim: string
  readonly signal: AbortSignal
}

/**
 * Starts a pod that has a person's home, or another volume, and gives its name when it runs. Throws `JHUB-E229` with what keeps
 * it from running; then it is removed again.
 */
export async function openHomePod(place: HomePodPlace, volume: OpenedVolume): Promise<ObjectRef> {
  const {api, namespace, hubName, server} = place
  const {claim} = volume
  const name = `jhub-home-${volume.name}-${randomBytes(3).toString('hex')}`
  const [node, pullSecrets] = await Promise.all([nodeOf(api, namespace, claim), pullSecretsOfHub(api, namespace)])
  const ref = {apiVersion: 'v1', kind: 'Pod', namespace, name}
  await api.apply(
    homePod({
      name,
      namespace,
      hubName,
      claim,
      ...definedOnly({node}),
      place: server,
      pullSecrets: [...pullSecrets, ...server.pullSecrets],
    }),
  )
  try {
    await untilItRuns(place, ref, volume)
    return ref
  } catch (error) {
    await closeHomePod(api, ref)
    throw error
  }
}

/** Removes a pod; one that cannot be removed now ends by itself. */
export async function closeHomePod(api: KubeApi, ref: ObjectRef): Promise<void> {
  await api.remove(ref).catch(() => undefined)
}

/** Removes what is left of pods of a jhub that was killed. */
export async function removeEndedHomePods(api: KubeApi, namespace: string, hubName: string): Promise<void> {
  for (const {metadata, status} of await api.list<Pod>(homePods(namespace, hubName)))
    if (status?.phase === 'Succeeded' || status?.phase === 'Failed')
      await closeHomePod(api, {apiVersion: 'v1', kind: 'Pod', namespace, name: metadata.name})
}

export function homePods(namespace: string, hubName: string): ListOf {
  return {apiVersion: 'v1', kind: 'Pod', namespace, labels: `component=${homePodComponent},${hubLabel}=${hubName}`}
}

/** The node on which a volume is in use. */
async function nodeOf(api: KubeApi, namespace: string, claim: string): Promise<string | undefined> {
  const pods = await api.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace})
  const using = pods.find(
    ({spec, status}) =>
      spec?.nodeName !== undefined &&
      !['Succeeded', 'Failed'].includes(status?.phase ?? '') &&
      spec.volumes?.some(({persistentVolumeClaim: each}) => each?.claimName === claim),
  )
  return using?.spec?.nodeName
}

interface HubDeployment extends KubeObject {
  readonly spec?: {readonly template?: {readonly spec?: {readonly imagePullSecrets?: readonly unknown[]}}}
}

/** What the chart gives to each of its pods for private registries. */
async function pullSecretsOfHub(api: KubeApi, namespace: string): Promise<readonly unknown[]> {
  const hub = await api.read<HubDeployment>({apiVersion: 'apps/v1', kind: 'Deployment', name: 'hub', namespace})
  return hub?.spec?.template?.spec?.imagePullSecrets ?? []
}

async function untilItRuns(
  {api, clock, namespace, images}: HomePodPlace,
  ref: ObjectRef,
  {what, signal}: OpenedVolume,
): Promise<void> {
  const unreachable = (why: string, fix?: readonly string[]) =>
    new JhubError('JHUB-E229', `${upperFirst(what)} cannot be reached: ${why}`, fix === undefined ? {} : {fix})
  const probe = async () => {
    const pod = await api.read<Pod>(ref)
    if (pod === undefined) throw unreachable('somebody removed the pod that opened it')
    if (isPodReady(pod)) return {ready: true}
    const {phase = '', reason = 'no reason given'} = pod.status ?? {}
    if (phase === 'Succeeded' || phase === 'Failed') throw unreachable(`the pod that opened it ended: ${reason}`)
    const events = await api.list<PodEvent>({apiVersion: 'v1', kind: 'Event', namespace})
    const trouble = podTrouble(pod, events, images)
    if (trouble?.isFinal === true) throw unreachable(trouble.what, trouble.fix)
    return {notYet: trouble?.what ?? describePod(pod, events)}
  }
  const waiting = {what: `a pod that opens ${what}`, deadlineMs, intervalMs: 300, clock, signal}
  try {
    await waitUntil(probe, waiting)
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E501') throw unreachable(error.message)
    throw error
  }
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
