import {resolveLimits} from '../../../hub-spec/limits/resolve-limits.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {ServerPlaces} from '../../engine.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {readKubeQuantity} from '../api/kube-quantity.js'
import {listIfAllowed} from '../api/read-if-allowed.js'
import type {Pod} from './pod-trouble.js'
import {serverResources} from './server-limits.js'

/** What a scheduler goes by. Memory is bytes; `pods` is how many. */
export type Room = Readonly<Record<(typeof kinds)[number], number>>

/** As Kubernetes names them in `allocatable` and in requests. */
const kinds = ['cpu', 'memory', 'pods'] as const

export interface Node extends KubeObject {
  readonly spec?: {
    readonly unschedulable?: boolean
    readonly taints?: readonly {readonly key: string; readonly effect: string}[]
  }
  readonly status?: {readonly allocatable?: Readonly<Record<string, string>>}
}

/** The chart gives people's servers a toleration for these taints. */
const forServers = /^hub\.jupyter\.org[/_]dedicated$/

/**
 * How many servers the scheduler has places for, those of people that run now counted as free; `undefined` where this account
 * may not look at nodes and at everybody's pods. An autoscaler may add nodes, which nothing here knows of.
 */
export async function readPlaces(api: KubeApi, namespace: string, spec: HubSpec): Promise<ServerPlaces | undefined> {
  const [nodes, pods] = await Promise.all([
    listIfAllowed<Node>(api, {apiVersion: 'v1', kind: 'Node'}),
    listIfAllowed<Pod>(api, {apiVersion: 'v1', kind: 'Pod'}),
  ])
  if (nodes === 'not allowed' || pods === 'not allowed') return undefined
  const {requests = {}} = serverResources(resolveLimits(spec, ''))
  return placesOnNodes(
    nodes,
    pods.filter(({metadata}) => !(metadata.namespace === namespace && isOfPerson(metadata.labels))),
    roomOf({...requests, pods: '1'}),
  )
}

function isOfPerson(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels?.['component'] === 'singleuser-server' || labels?.['component'] === 'user-placeholder'
}

/** How many servers that ask for `each` have a place beside these pods, and what gives out first; `undefined` where no node tells. */
export function placesOnNodes(nodes: readonly Node[], pods: readonly Pod[], each: Room): ServerPlaces | undefined {
  if (!nodes.some(({status}) => status?.allocatable !== undefined)) return undefined
  const seen = nodes.filter(takesServers).map((node) => {
    const taken = pods.filter((pod) => pod.spec?.nodeName === node.metadata.name && isThere(pod)).map(askedBy)
    const all = roomOf(node.status?.allocatable ?? {})
    const free = (kind: keyof Room) => Math.max(0, all[kind] - taken.reduce((sum, asked) => sum + asked[kind], 0))
    /** Rounded, since parts of a core do not add up in binary. */
    const fits = kinds.map((kind) => ({
      kind,
      places: each[kind] === 0 ? Infinity : Math.floor(free(kind) / each[kind] + 1e-6),
    }))
    return fits.reduce((least, other) => (other.places < least.places ? other : least))
  })
  const most = seen.reduce((sum, {places}) => sum + places, 0)
  const first = seen.toSorted((one, other) => other.places - one.places)[0]?.kind ?? 'pods'
  return {most, boundBy: first === 'cpu' ? 'cores' : first, each: each[first]}
}

function takesServers({spec}: Node): boolean {
  const keepsAway = spec?.taints?.some(({key, effect}) => effect !== 'PreferNoSchedule' && !forServers.test(key))
  return spec?.unschedulable !== true && keepsAway !== true
}

function isThere({status}: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}

function askedBy({spec}: Pod): Room {
  const asked = (spec?.containers ?? []).map(({resources}) => roomOf(resources?.requests ?? {}))
  const sum = (kind: 'cpu' | 'memory') => asked.reduce((all, room) => all + room[kind], 0)
  return {cpu: sum('cpu'), memory: sum('memory'), pods: 1}
}

function roomOf(quantities: Readonly<Record<string, string>>): Room {
  const of = (kind: keyof Room) => readKubeQuantity(quantities[kind]) ?? 0
  return {cpu: of('cpu'), memory: of('memory'), pods: of('pods')}
}
