import {definedOnly} from '../../../defined-only.js'
import type {HomeInUse, HomesInUse} from '../../engine.js'
import type {KubeApi} from '../api/kube-api.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'
import {readNodeSummaries} from '../pods/node-summary.js'
import type {Pod} from '../pods/pod-trouble.js'
import {listHomeClaims} from './home-claims.js'

const whyUnseen = {
  'not allowed': 'Homes cannot be measured: this account may not ask the nodes of the cluster (get on nodes/proxy).',
  silent: 'Homes cannot be measured: the nodes of the cluster do not answer.',
  directories: 'Homes cannot be measured: the volumes of this cluster do not say what they hold.',
} as const

/**
 * What homes hold. In a cluster of jhub's own their directories are measured in the node; elsewhere the node on which a volume
 * is mounted says it, so only homes of running servers are known, and only where the storage counts.
 */
export async function homesInUse(
  cluster: Cluster,
  namespace: string,
  userNames: readonly string[],
  signal: AbortSignal,
): Promise<HomesInUse> {
  const api = await cluster.api()
  if (api === undefined) return {homes: new Map(), notSeen: 'The cluster is not running.'}
  const claims = await claimsOf(api, namespace, userNames)
  return cluster.own === undefined
    ? fromNodes(api, namespace, claims)
    : fromDirectories(cluster.own, namespace, claims, signal)
}

/** Names of people by the claims of their homes. */
type Claims = ReadonlyMap<string, string>

async function claimsOf(api: KubeApi, namespace: string, userNames: readonly string[]): Promise<Claims> {
  const found = await listHomeClaims(api, namespace)
  const wanted = new Set(userNames)
  return new Map(found.flatMap(({user, claim}) => (wanted.has(user) ? [[claim.metadata.name, user] as const] : [])))
}

async function fromDirectories(
  own: OwnCluster,
  namespace: string,
  claims: Claims,
  signal: AbortSignal,
): Promise<HomesInUse> {
  const {volumes, disk} = await own.measureVolumes(
    [...claims.keys()].map((claim) => `${namespace}/${claim}`),
    signal,
  )
  const homes = new Map<string, HomeInUse>()
  for (const [claim, user] of claims) {
    const usedBytes = volumes.get(`${namespace}/${claim}`)
    if (usedBytes !== undefined) homes.set(user, {usedBytes})
  }
  return {homes, ...definedOnly({disk})}
}

async function fromNodes(api: KubeApi, namespace: string, claims: Claims): Promise<HomesInUse> {
  const pods = await api.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace})
  const mounting = pods.filter(({spec}) =>
    spec?.volumes?.some(({persistentVolumeClaim: claim}) => claims.has(claim?.claimName ?? '')),
  )
  const summaries = await readNodeSummaries(api, namespace, mounting)
  const homes = new Map<string, HomeInUse>()
  if (typeof summaries === 'string') return {homes, notSeen: whyUnseen[summaries]}
  for (const {usedBytes, capacityBytes, pvcRef} of summaries.flatMap(({volume = []}) => volume)) {
    const user = claims.get(pvcRef?.name ?? '')
    if (user === undefined || usedBytes === undefined) continue
    homes.set(user, {usedBytes, ...definedOnly({capacityBytes})})
  }
  const isDumb = homes.size === 0 && mounting.length > 0
  return {homes, ...(isDumb ? {notSeen: whyUnseen.directories} : {})}
}
