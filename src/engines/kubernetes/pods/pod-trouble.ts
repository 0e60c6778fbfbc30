import {registryHost} from '../../../host/docker/registry-host.js'
import type {KubeObject} from '../api/kube-api.js'
import {serverContainer} from '../clusters/names.js'
import {builtHere} from '../images/image-reference.js'

/** A pod, as far as we read it. */
export interface Pod extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string
    readonly containers?: readonly {readonly name: string; readonly resources?: Resources}[]
    readonly volumes?: readonly {readonly persistentVolumeClaim?: {readonly claimName: string}}[]
  }
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly conditions?: readonly Condition[]
    readonly initContainerStatuses?: readonly ContainerStatus[]
    readonly containerStatuses?: readonly ContainerStatus[]
  }
}

interface Resources {
  readonly limits?: Readonly<Record<string, string>>
  readonly requests?: Readonly<Record<string, string>>
}

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
}

interface ContainerStatus {
  readonly name: string
  readonly image?: string
  readonly ready?: boolean
  readonly restartCount?: number
  readonly resources?: Resources
  readonly state?: {
    readonly waiting?: {readonly reason?: string; readonly message?: string}
    readonly terminated?: {readonly reason?: string; readonly exitCode?: number; readonly message?: string}
  }
  readonly lastState?: {readonly terminated?: {readonly reason?: string; readonly exitCode?: number}}
}

export interface PodEvent extends KubeObject {
  readonly involvedObject?: {
    readonly kind?: string
    readonly name?: string
    readonly uid?: string
    /** Of a container: `spec.containers{notebook}`. */
    readonly fieldPath?: string
  }
  readonly reason?: string
  readonly message?: string
  readonly type?: string
  /** When it was last seen, as `2026-11-26T18:00:00Z`. */
  readonly lastTimestamp?: string | null
}

/** Why a pod does not come up. */
export interface Trouble {
  readonly pod: string
  readonly what: string
  readonly fix: readonly string[]
  /** It will not pass by itself; the others may. */
  readonly isFinal: boolean
  /** Its last words are in the log of this container. */
  readonly lastWordsOf?: string
}

/** `ours`: jhub sends images of this machine into the cluster. `theirs`: its nodes fetch them. */
export type ImagePlace = 'ours' | 'theirs'

/** What keeps a pod from running, and what mends it; `undefined` when it only takes its time. */
export function podTrouble(pod: Pod, events: readonly PodEvent[], place: ImagePlace = 'ours'): Trouble | undefined {
  const name = pod.metadata.name
  const own = eventsOf(pod, events)
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  for (const status of statuses) {
    const trouble = containerTrouble(name, status, own, place)
    if (trouble !== undefined) return trouble
  }
  const unscheduled = pod.status?.conditions?.find(
    ({type, status, reason}) => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  )
  return unscheduled === undefined
    ? volumeTrouble(name, own)
    : schedulingTrouble(name, unscheduled.message ?? '', pod, events)
}

function containerTrouble(
  pod: string,
  status: ContainerStatus,
  events: readonly PodEvent[],
  place: ImagePlace,
): Trouble | undefined {
  const {reason = '', message = ''} = status.state?.waiting ?? {}
  const image = status.image ?? 'its image'
  const hook = events.findLast(({reason: why}) => why === 'FailedPostStartHook')?.message ?? ''
  if (
    (reason === 'PostStartHookError' || reason === 'CrashLoopBackOff') &&
    /"sh"|exec: sh\b/.test(`${hook} ${message}`)
  )
    return {
      pod,
      what: `the image ${image} has no shell (sh), which puts materials, shared and content into a home`,
      fix: ['jhub config edit   # take files and content out, or name an image that has sh'],
      isFinal: true,
    }
  switch (reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'InvalidImageName':
    case 'ErrImageNeverPull': {
      const isFinal = reason !== 'ErrImagePull'
      if (image.startsWith(builtHere))
        return {pod, what: `its node has lost the image ${image}`, fix: ['jhub up   # puts it there again'], isFinal}
      const said = events.findLast((event) => event.reason === 'Failed' && !isOnlyItsName(event))?.message ?? message
      const cause = imageCause(said)
      return {
        pod,
        what: `the image ${image} cannot be pulled: ${cause}`,
        fix:
          place === 'ours'
            ? [`docker pull ${image}   # then run the same command again: jhub sends it into the cluster`]
            : pullFix({image, cause, isServer: status.name === serverContainer}),
        isFinal,
      }
    }
    case 'CrashLoopBackOff':
      return {
        pod,
        what: `${status.name} ends again and again (exit code ${String(status.lastState?.terminated?.exitCode ?? 'unknown')}${status.lastState?.terminated?.reason === 'OOMKilled' ? ', out of memory' : ''})`,
        fix: ['jhub logs', 'jhub config edit'],
        isFinal: true,
        lastWordsOf: status.name,
      }
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return {pod, what: `${status.name} cannot be made: ${message}`, fix: ['jhub config edit'], isFinal: false}
    default:
      return undefined
  }
}

/** `Error: ImagePullBackOff`, which comes after each event that says why. */
function isOnlyItsName({message = ''}: PodEvent): boolean {
  return /^Error: \w+$/.test(message)
}

interface Pull {
  readonly image: string
  readonly cause: string
  /** Only servers have the accounts of `image login`. */
  readonly isServer: boolean
}

/** What to type where nodes of somebody else's cluster cannot pull an image. */
function pullFix({image, cause, isServer}: Pull): readonly string[] {
  const host = registryHost(image)
  const other = 'jhub config edit   # another image, or another tag of it'
  if (cause === notReached)
    return [`Ask who runs the cluster whether its nodes can reach ${host}, then run the same command again`, other]
  if (cause === notThere && isServer && image.includes('@'))
    return ['jhub up   # sends it to the registry again, if jhub built it', other]
  if (cause !== refused) return [other]
  return isServer
    ? [`jhub image login ${host}   # gives servers an account there; then run the same command again`, other]
    : [
        other,
        'kubectl create secret docker-registry --help   # and imagePullSecrets in k8s.values, for a private registry',
      ]
}

const refused = 'its registry refuses access, or there is no such image'
const notThere = 'its registry has no image of that name'
const notReached = 'its registry cannot be reached'

/** Why an image cannot be had, from what a node or a registry says. */
export function imageCause(said: string): string {
  if (/exec format|no match for platform|no matching manifest/i.test(said))
    return 'it is not made for the processor of this machine'
  if (/unauthorized|denied|forbidden|authentication required/i.test(said)) return refused
  if (/not found|manifest unknown/i.test(said)) return notThere
  if (/no such host|lookup|timeout|refused|unreachable|EOF|dial tcp/i.test(said)) return notReached
  return said.trim() === '' ? 'no reason given' : said.trim()
}

/** By what the scheduler says there is too little of. */
const asksForLess: Readonly<Record<string, readonly string[]>> = {
  'Insufficient memory': ['jhub limits set --memory-guarantee 128M   # asks for less'],
  'Insufficient cpu': ['jhub limits set --cpu-guarantee 0.01   # asks for less'],
}

function schedulingTrouble(name: string, message: string, pod: Pod, events: readonly PodEvent[]): Trouble {
  const claims = (pod.spec?.volumes ?? []).flatMap(({persistentVolumeClaim: claim}) => claim?.claimName ?? [])
  const ofClaims = events.filter(({involvedObject}) => claims.includes(involvedObject?.name ?? ''))
  const noClass = ofClaims.find(({message: said}) =>
    /no storage class is set|storageclass.*not found/i.test(said ?? ''),
  )
  if (noClass !== undefined) {
    return {
      pod: name,
      what: `its volume ${noClass.involvedObject?.name ?? ''} cannot be made: ${noClass.message ?? ''}`,
      fix: ['kubectl get storageclass', 'k8s: {storage: {class: NAME}} in the settings file'],
      isFinal: true,
    }
  }
  const failed = ofClaims.find(({reason}) => reason === 'ProvisioningFailed')
  if (failed !== undefined)
    return {
      pod: name,
      what: `its volume cannot be made: ${failed.message ?? ''}`,
      fix: ['kubectl get pvc -A'],
      isFinal: false,
    }
  const [, short] = /(Insufficient memory|Insufficient cpu|Too many pods)/.exec(message) ?? []
  if (short !== undefined) {
    return {
      pod: name,
      what: `no node has room for it: ${message}`,
      fix: ['jhub server stop NAME   # makes room', ...(asksForLess[short] ?? [])],
      isFinal: false,
    }
  }
  return {pod: name, what: `no node accepts it: ${message}`, fix: ['kubectl get nodes', 'jhub doctor'], isFinal: false}
}

function volumeTrouble(pod: string, events: readonly PodEvent[]): Trouble | undefined {
  const failed = events.findLast(({reason}) => reason === 'FailedMount' || reason === 'FailedAttachVolume')
  return failed === undefined
    ? undefined
    : {pod, what: `a volume cannot be mounted: ${failed.message ?? ''}`, fix: ['kubectl get pvc -A'], isFinal: false}
}

/** Events about this pod, and not about an earlier one of that name; the newest last. */
export function eventsOf({metadata}: Pod, events: readonly PodEvent[]): readonly PodEvent[] {
  return events
    .filter(
      ({involvedObject: about}) =>
        about?.name === metadata.name && (about.uid ?? metadata.uid) === (metadata.uid ?? about.uid),
    )
    .toSorted((one, other) => seenAt(one) - seenAt(other))
}

function seenAt({lastTimestamp}: PodEvent): number {
  return Date.parse(lastTimestamp ?? '') || 0
}

/** How far a pod is, in a few words. */
export function describePod(pod: Pod, events: readonly PodEvent[]): string {
  const waiting = pod.status?.containerStatuses?.find(({ready}) => ready !== true)
  const last = eventsOf(pod, events).at(-1)
  const isPulling = last?.reason === 'Pulling'
  if (isPulling) return `${pod.metadata.name}: fetching ${waiting?.image ?? 'its image'}`
  return `${pod.metadata.name}: ${waiting?.state?.waiting?.reason ?? pod.status?.phase ?? 'unknown'}`
}

export function isPodReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({type, status}) => type === 'Ready' && status === 'True') === true
}
