import type {Clock} from '../../../host/clock.js'
import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {KubeApi, KubeObject, ObjectRef} from '../api/kube-api.js'
import type {OwnCluster} from '../clusters/cluster.js'
import {waitUntil} from '../../../steps/wait-until.js'
import {directoryOf, directoryVolume} from '../clusters/directory-volume.js'
import {commonClaim, hubLabel} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import type {PodEvent} from '../pods/pod-trouble.js'

/** The volume that everybody's server has, in the cluster. */
export interface CommonClaim extends KubeObject {
  readonly status?: {readonly phase?: string}
}

export interface CommonVolumePlace {
  readonly api: KubeApi
  readonly clock: Clock
  /** A cluster of jhub's own keeps it in a directory that outlives the cluster. */
  readonly own?: OwnCluster
  readonly spec: HubSpec
  readonly signal: AbortSignal
  /** Has a pod mount the volume until the signal aborts, or for a moment: some storage makes a volume only then. */
  readonly mount: (signal: AbortSignal) => Promise<void>
}

/** A storage class answers within seconds; one that attaches a disk of a cloud takes longer. */
const deadlineMs = 90_000
/** Several nodes, or the one that there is. */
const modes = ['ReadWriteMany', 'ReadWriteOnce'] as const
type AccessMode = (typeof modes)[number]

export function claimRef(spec: HubSpec): ObjectRef {
  return {apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: namespaceOf(spec), name: commonClaim}
}

/**
 * Makes the volume that all servers mount, in place of a claim that got none. Throws `JHUB-E232` where the cluster's storage gives none that servers on several
 * nodes can have at once; then nothing of it is left.
 */
export async function makeCommonVolume(place: CommonVolumePlace): Promise<void> {
  const {api, own, spec} = place
  if (own !== undefined) {
    const claim = {namespace: namespaceOf(spec), name: commonClaim}
    const {size} = spec.k8s.storage
    await own.makeVolumes([directoryOf(claim)])
    await removeReleased(place)
    await api.apply(directoryVolume({name: volumeName(spec), hubName: spec.name, claim, size, storageClass: ''}))
    await api.apply(claimOf(spec, 'ReadWriteMany', {storageClassName: '', volumeName: volumeName(spec)}))
    return
  }
  await removeClaim(place)
  let refusal = 'it does not answer'
  for (const mode of (await hasOneNode(api)) ? modes : modes.slice(0, 1)) {
    await api.apply(claimOf(spec, mode))
    const refused = await untilGiven(place)
    if (refused === undefined) return
    refusal = refused
    await removeClaim(place)
  }
  throw new JhubError('JHUB-E232', `The cluster's storage has no volume that all servers can use at once: ${refusal}`, {
    fix: [
      'k8s.storage.commonClass names a storage class that can (ReadWriteMany), such as NFS or CephFS',
      'jhub files send FILE --all   # a copy in each home',
    ],
  })
}

function claimOf(spec: HubSpec, mode: AccessMode, more: Readonly<Record<string, unknown>> = classOf(spec)): KubeObject {
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {name: commonClaim, namespace: namespaceOf(spec), labels: {app: 'jupyterhub', [hubLabel]: spec.name}},
    spec: {accessModes: [mode], resources: {requests: {storage: spec.k8s.storage.size}}, ...more},
  }
  return claim
}

function classOf({k8s: {storage}}: HubSpec): Readonly<Record<string, unknown>> {
  const name = storage.commonClass ?? storage.class
  return name === undefined ? {} : {storageClassName: name}
}

function volumeName(spec: HubSpec): string {
  return `jhub-${namespaceOf(spec)}-common`
}

/** An account of a namespace alone may not ask; then there may be several. */
async function hasOneNode(api: KubeApi): Promise<boolean> {
  try {
    return (await api.list({apiVersion: 'v1', kind: 'Node'})).length === 1
  } catch (error) {
    if (error instanceof JhubError && error.details?.['status'] === 403) return false
    throw error
  }
}

/** Why the claim gets no volume; `undefined` when it has one. */
async function untilGiven(place: CommonVolumePlace): Promise<string | undefined> {
  const {api, clock, spec, signal, mount} = place
  const mounting = new AbortController()
  const pod = {hasFailed: false}
  let mounted: Promise<void> | undefined
  const until = clock.elapsed() + deadlineMs
  try {
    while (clock.elapsed() < until) {
      const claim = await api.read<CommonClaim>(claimRef(spec))
      if (claim?.status?.phase === 'Bound') return undefined
      const events = await eventsOf(place, claim)
      const refused = events.find(({reason}) => reason === 'ProvisioningFailed')
      if (refused !== undefined) return refused.message ?? 'no reason given'
      if (pod.hasFailed) await mounted
      if (mounted === undefined && events.some(({reason}) => reason === 'WaitForFirstConsumer')) {
        mounted = mount(AbortSignal.any([signal, mounting.signal]))
        mounted.catch(() => (pod.hasFailed = true))
      }
      await clock.sleep(500, signal)
    }
    return `no volume came within ${String(deadlineMs / 1000)} s`
  } catch (error) {
    await removeClaim(place).catch(() => undefined)
    throw error
  } finally {
    mounting.abort()
    await mounted?.catch(() => undefined)
  }
}

async function eventsOf({api, spec}: CommonVolumePlace, claim: CommonClaim | undefined): Promise<readonly PodEvent[]> {
  const events = await api.list<PodEvent>({apiVersion: 'v1', kind: 'Event', namespace: namespaceOf(spec)})
  return events.filter(({involvedObject: {kind, name, uid} = {}}) => {
    const isOfThis = uid === undefined || uid === claim?.metadata.uid
    return kind === 'PersistentVolumeClaim' && name === commonClaim && isOfThis
  })
}

/** Takes the claim away, where there is one. */
async function removeClaim({api, clock, spec, signal}: CommonVolumePlace): Promise<void> {
  const ref = claimRef(spec)
  if ((await api.read(ref)) === undefined) return
  await removeWhole({api, clock, signal}, ref)
}

/** A volume whose claim somebody deleted is bound to that claim for ever. What is in its directory stays. */
async function removeReleased({api, clock, spec, signal}: CommonVolumePlace): Promise<void> {
  const ref: ObjectRef = {apiVersion: 'v1', kind: 'PersistentVolume', name: volumeName(spec)}
  const volume = await api.read<CommonClaim>(ref)
  if (volume?.status?.phase !== 'Released') return
  await removeWhole({api, clock, signal}, ref)
}

async function removeWhole(
  {api, clock, signal}: Pick<CommonVolumePlace, 'api' | 'clock' | 'signal'>,
  ref: ObjectRef,
): Promise<void> {
  await api.remove(ref)
  await waitUntil(async () => ((await api.read(ref)) === undefined ? {ready: true} : {notYet: 'it is still there'}), {
    what: `${ref.kind} ${ref.name} to be removed`,
    deadlineMs,
    intervalMs: 500,
    clock,
    signal,
    fix: 'jhub doctor',
  })
}
