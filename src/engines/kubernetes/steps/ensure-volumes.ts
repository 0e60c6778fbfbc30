import pMap from 'p-map'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import type {KubeApi} from '../api/kube-api.js'
import {requireKube} from '../api/require-kube.js'
import {hubDatabase} from '../chart/hub-database.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'
import {directoryOf, directoryVolume} from '../clusters/directory-volume.js'
import {databaseClaim, hubLabel, retainedStorageClass} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import {homeClaimName} from '../homes/home-claims.js'

const mostAtOnce = 10

interface Wanted {
  readonly title: string
  /** What the volumes are for, in the words of a plan. */
  readonly purpose: (count: number) => string
  /** Names of claims, and the size of a volume for each. */
  readonly claims: readonly string[]
  readonly size: string
}

/**
 * Has a volume ready for the home of each person whom the spec names. The provisioner of a kind cluster runs a pod for each
 * volume, a few at a time, while a whole class waits. It still makes those of everybody else.
 */
export function ensureHomeVolumes(cluster: Cluster, own: OwnCluster, spec: HubSpec): Step {
  const {storage} = spec.k8s
  return ensureVolumes(cluster, own, spec, {
    title: 'Make volumes for homes',
    purpose: (count) => `volumes for ${String(count)} ${count === 1 ? 'home' : 'homes'}`,
    claims: storage.class === undefined ? [...spec.users.keys()].map(homeClaimName) : [],
    size: storage.size,
  })
}

/** Has the volume of the hub's database ready before the hub, which would wait for the provisioner's pod. */
export function ensureDatabaseVolume(cluster: Cluster, own: OwnCluster, spec: HubSpec): Step {
  const database = hubDatabase(spec)
  return ensureVolumes(cluster, own, spec, {
    title: "Make the volume of the hub's database",
    purpose: () => "the volume of the hub's database",
    claims: database === undefined || database.storageClass !== undefined ? [] : [databaseClaim],
    size: database?.size ?? '',
  })
}

function ensureVolumes(cluster: Cluster, own: OwnCluster, spec: HubSpec, wanted: Wanted): Step {
  const namespace = namespaceOf(spec)
  const volumeName = (claim: string) => `jhub-${namespace}-${claim}`
  const missing = async (api: KubeApi | undefined) => {
    if (api === undefined || wanted.claims.length === 0) return []
    const [claims, volumes] = await Promise.all([
      api.list({apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace}),
      api.list({apiVersion: 'v1', kind: 'PersistentVolume', labels: `${hubLabel}=${spec.name}`}),
    ])
    const there = new Set([...claims, ...volumes].map(({metadata}) => metadata.name))
    return wanted.claims
      .filter((claim) => !there.has(claim) && !there.has(volumeName(claim)))
      .map((name) => ({namespace, name}))
  }
  return {
    title: wanted.title,
    async check() {
      const count = (await missing(await cluster.api())).length
      return count === 0 ? undefined : {summary: `make ${wanted.purpose(count)}`, disturbs: 'live'}
    },
    async apply() {
      const api = await requireKube(cluster)
      const claims = await missing(api)
      await own.makeVolumes(claims.map(directoryOf))
      const common = {hubName: spec.name, size: wanted.size, storageClass: retainedStorageClass}
      const make = (claim: (typeof claims)[number]) =>
        api.apply(directoryVolume({...common, name: volumeName(claim.name), claim}))
      await pMap(claims, make, {concurrency: mostAtOnce})
    },
  }
}
