import {randomBytes} from 'node:crypto'
import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {waitUntil, type Probe} from '../../../steps/wait-until.js'
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
 * Starts a pod that has a person's home, or another volume, and gives its name when it runs. One that a busy node could not start
 * is tried once more. Throws `JHUB-E229` with what keeps it from running; then it is removed again.
 */
export async function openHomePod(place: HomePodPlace, volume: OpenedVolume): Promise<ObjectRef> {
  const first = await tryHomePod(place, volume)
  const opened = 'ended' in first ? await tryHomePod(place, volume) : first
  if ('ended' in opened) throw unreachable(volume, `the pod that opened it ended: ${opened.ended}`)
  return opened.ref
}

/** A pod that runs, or why it ended before it did; then it is removed again. */
type Tried = {readonly ref: ObjectRef} | {readonly ended: string}

async function tryHomePod(place: HomePodPlace, volume: OpenedVolume): Promise<Tried> {
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
    const ended = await untilItRuns(place, ref, volume)
    if (ended === undefined) return {ref}
    await closeHomePod(api, ref)
    return {ended}
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

/** Why it ended; `undefined` when it runs. */
async function untilItRuns(
  {api, clock, namespace, images}: HomePodPlace,
  ref: ObjectRef,
  volume: OpenedVolume,
): Promise<string | undefined> {
  const {what, signal} = volume
  const probe = async (): Promise<Probe<{readonly ended?: string}>> => {
    const pod = await api.read<Pod>(ref)
    if (pod === undefined) throw unreachable(volume, 'somebody removed the pod that opened it')
    if (isPodReady(pod)) return {ready: {}}
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return {ready: {ended: whyEnded(pod)}}
    const events = await api.list<PodEvent>({apiVersion: 'v1', kind: 'Event', namespace})
    const trouble = podTrouble(pod, events, images)
    if (trouble?.isFinal === true) throw unreachable(volume, trouble.what, trouble.fix)
    return {notYet: trouble?.what ?? describePod(pod, events)}
  }
  const waiting = {what: `a pod that opens ${what}`, deadlineMs, intervalMs: 300, clock, signal}
  try {
    return (await waitUntil(probe, waiting)).ended
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E501') throw unreachable(volume, error.message)
    throw error
  }
}

/** A pod that never started says it of its container alone. */
function whyEnded({status}: Pod): string {
  const {reason, message} =
    status?.containerStatuses?.find(({state}) => state?.terminated !== undefined)?.state?.terminated ?? {}
  return [status?.reason ?? reason ?? 'no reason given', ...(message === undefined ? [] : [message])].join(': ')
}

function unreachable({what}: OpenedVolume, why: string, fix?: readonly string[]): JhubError {
  return new JhubError('JHUB-E229', `${upperFirst(what)} cannot be reached: ${why}`, fix === undefined ? {} : {fix})
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
