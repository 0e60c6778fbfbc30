import type {Clock} from '../../../host/clock.js'
import type {Step} from '../../../steps/step.js'
import {waitUntil} from '../../../steps/wait-until.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeApi, ListOf} from '../api/kube-api.js'
import {appliedSpecName, quotaName, releaseRecordName} from '../clusters/names.js'
import {findNamespace, namespaceRef} from '../clusters/namespace.js'
import {readRevisions} from '../release/releases.js'
import {requireKube} from '../api/require-kube.js'

export interface ReleaseRemoval {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly namespace: string
  readonly hubName: string
  readonly deleteData: boolean
}

/**
 * Takes the hub out of a cluster that is not ours: release, servers and jhub's own objects. Volume claims stay, and with
 * them the namespace, unless data is deleted too. A namespace that this hub did not make is left alone.
 */
export function removeRelease({cluster, clock, namespace, hubName, deleteData}: ReleaseRemoval): Step {
  const left = async (api: KubeApi) => {
    if ((await findNamespace(api, namespace, hubName)) === 'missing') return []
    if ((await findNamespace(api, namespace, hubName)) === 'foreign') return []
    const [revisions, pods, claims, own] = await Promise.all([
      readRevisions(api, namespace, hubName),
      api.list(servers(namespace)),
      api.list(claimsOf(namespace)),
      Promise.all(ownObjects(namespace).map((ref) => api.read(ref))),
    ])
    return [
      ...(revisions.length === 0 ? [] : [`the release ${hubName}`]),
      ...(pods.length === 0 ? [] : [`${String(pods.length)} servers`]),
      ...(own.some((each) => each !== undefined) ? ["jhub's own objects"] : []),
      ...(deleteData || claims.length === 0 ? [`the namespace ${namespace}`] : []),
    ]
  }
  return {
    title: 'Remove the hub from the cluster',
    async check() {
      const api = await cluster.api()
      const found = api === undefined ? [] : await left(api)
      return found.length === 0
        ? undefined
        : {summary: `remove ${found.join(', ')}`, disturbs: 'machine or cluster is recreated'}
    },
    async apply({signal}) {
      const api = await requireKube(cluster)
      await cluster.helm.uninstall(hubName, namespace, signal)
      for (const {metadata} of await api.list(servers(namespace)))
        await api.remove({apiVersion: 'v1', kind: 'Pod', namespace, name: metadata.name})
      for (const ref of ownObjects(namespace)) await api.remove(ref)
      const claims = await api.list(claimsOf(namespace))
      if (deleteData || claims.length === 0) await api.remove(namespaceRef(namespace))
      await waitUntil(
        async () => {
          const found = await left(api)
          return found.length === 0 ? {ready: true} : {notYet: `${found.join(', ')} still there`}
        },
        {what: 'the hub to be gone', deadlineMs: 180_000, intervalMs: 500, clock, signal},
      )
    },
  }
}

function servers(namespace: string): ListOf {
  return {apiVersion: 'v1', kind: 'Pod', namespace, labels: 'component=singleuser-server'}
}

function claimsOf(namespace: string): ListOf {
  return {apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace}
}

function ownObjects(namespace: string): readonly {apiVersion: string; kind: string; name: string; namespace: string}[] {
  const v1 = (kind: string, name: string) => ({apiVersion: 'v1', kind, name, namespace})
  return [
    ...[appliedSpecName, releaseRecordName].flatMap((name) => [v1('Secret', name), v1('ConfigMap', name)]),
    v1('ResourceQuota', quotaName),
    v1('LimitRange', quotaName),
  ]
}
