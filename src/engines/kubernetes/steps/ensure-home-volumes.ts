import pMap from 'p-map'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import type {KubeApi} from '../api/kube-api.js'
import {requireKube} from '../api/require-kube.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'
import {directoryOf, directoryVolume} from '../clusters/directory-volume.js'
import {hubLabel, retainedStorageClass} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import {homeClaimName} from '../homes/home-claims.js'

const mostAtOnce = 10

/**
 * Has a volume ready for the home of each person whom the spec names. The provisioner of a kind cluster runs a pod for each
 * volume, a few at a time, while a whole class waits. It still makes those of everybody else.
 */
export function ensureHomeVolumes(cluster: Cluster, own: OwnCluster, spec: HubSpec): Step {
  const namespace = namespaceOf(spec)
  const volumeName = (claim: string) => `jhub-${namespace}-${claim}`
  const missing = async (api: KubeApi | undefined) => {
    if (api === undefined || spec.k8s.storage.class !== undefined) return []
    const [claims, volumes] = await Promise.all([
      api.list({apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace}),
      api.list({apiVersion: 'v1', kind: 'PersistentVolume', labels: `${hubLabel}=${spec.name}`}),
    ])
    const there = new Set([...claims, ...volumes].map(({metadata}) => metadata.name))
    return [...spec.users.keys()]
      .map(homeClaimName)
      .filter((claim) => !there.has(claim) && !there.has(volumeName(claim)))
      .map((name) => ({namespace, name}))
  }
  return {
    title: 'Make volumes for homes',
    async check() {
      const count = (await missing(await cluster.api())).length
      return count === 0
        ? undefined
        : {summary: `make volumes for ${String(count)} ${count === 1 ? 'home' : 'homes'}`, disturbs: 'live'}
    },
    async apply() {
      const api = await requireKube(cluster)
      const claims = await missing(api)
      await own.makeVolumes(claims.map(directoryOf))
      const common = {hubName: spec.name, size: spec.k8s.storage.size, storageClass: retainedStorageClass}
      const make = (claim: (typeof claims)[number]) =>
        api.apply(directoryVolume({...common, name: volumeName(claim.name), claim}))
      await pMap(claims, make, {concurrency: mostAtOnce})
    },
  }
}
