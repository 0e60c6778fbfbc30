import type {Clock} from '../../../../host/clock.js'
import type {Step} from '../../../../steps/step.js'
import {waitUntil} from '../../../../steps/wait-until.js'
import type {Cluster} from '../../clusters/cluster.js'
import type {KubeApi, KubeObject, ListOf, ObjectRef} from '../../api/kube-api.js'
import {appliedSpecName, hubLabel, quotaName, releaseRecordName} from '../../clusters/names.js'
import {findNamespace, namespaceRef} from '../../clusters/namespace.js'
import {homePods} from '../../homes/open-home-pod.js'
import {recordRef} from '../../release/record-secret.js'
import {readRevisions} from '../../release/releases.js'
import {trialRefs} from '../../release/trial/try-hub.js'
import {readIfAllowed} from '../../api/read-if-allowed.js'
import {requireKube} from '../../api/require-kube.js'

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
  const look = async (api: KubeApi): Promise<Left> => {
    const whose = await findNamespace(api, namespace, hubName)
    if (whose === 'going') return {...nothing, isNamespaceGoing: true}
    if (whose !== 'ours' && whose !== 'lent') return nothing
    const [revisions, pods, programs, claims, own, records] = await Promise.all([
      readRevisions(api, namespace, hubName),
      api.list(servers(namespace)),
      api.list(podsOf(namespace)),
      api.list(whose === 'lent' ? hubClaims(namespace) : claimsOf(namespace)),
      Promise.all(ownObjects(namespace).map((ref) => readIfAllowed(api, ref))),
      api.list({apiVersion: 'v1', kind: 'Secret', namespace, labels: `${hubLabel}=${hubName}`}),
    ])
    return {
      hasRelease: revisions.length > 0,
      servers: pods,
      arePodsLeft: programs.some(({metadata}) => metadata.labels?.['component'] !== 'singleuser-server'),
      claims: whose === 'lent' && deleteData ? claims : [],
      own: [
        ...ownObjects(namespace).filter((_, index) => typeof own[index] === 'object'),
        ...records.map(({metadata}) => recordRef('Secret', metadata.name, namespace)),
      ],
      isNamespaceGoing: false,
      isNamespaceLeft: whose === 'ours' && (deleteData || claims.length === 0),
    }
  }
  const describe = (left: Left) => [
    ...(left.hasRelease ? [`the release ${hubName}`] : []),
    ...(left.arePodsLeft && !left.hasRelease ? ['pods of the hub'] : []),
    ...(left.servers.length === 0 ? [] : [`${String(left.servers.length)} servers`]),
    ...(left.claims.length === 0 ? [] : [`${String(left.claims.length)} volume claims`]),
    ...(left.own.length === 0 ? [] : ["jhub's own objects"]),
    ...(left.isNamespaceLeft || left.isNamespaceGoing ? [`the namespace ${namespace}`] : []),
  ]
  return {
    title: 'Remove the hub from the cluster',
    async check() {
      const api = await cluster.api()
      const found = api === undefined ? [] : describe(await look(api))
      return found.length === 0
        ? undefined
        : {
            summary: `remove ${found.join(', ')}`,
            disturbs: deleteData ? "people's files are deleted" : 'all servers end (files stay)',
          }
    },
    async apply({signal}) {
      const api = await requireKube(cluster)
      const before = await look(api)
      if (before.hasRelease) await cluster.helm.uninstall(hubName, namespace, signal)
      const remove = async (kind: string, objects: readonly KubeObject[]) => {
        for (const {metadata} of objects) await api.remove({apiVersion: 'v1', kind, namespace, name: metadata.name})
      }
      await remove('Pod', await api.list(servers(namespace)))
      await remove('Pod', await api.list(homePods(namespace, hubName)))
      await remove('PersistentVolumeClaim', before.claims)
      for (const ref of before.own) await api.remove(ref)
      if ((await look(api)).isNamespaceLeft) await api.remove(namespaceRef(namespace))
      await waitUntil(
        async () => {
          const found = describe(await look(api))
          return found.length === 0 ? {ready: true} : {notYet: `${found.join(', ')} still there`}
        },
        {what: 'the hub to be gone', deadlineMs: 180_000, intervalMs: 500, clock, signal},
      )
    },
  }
}

/** What of a hub is in the cluster, and is to be taken away. */
interface Left {
  readonly hasRelease: boolean
  readonly servers: readonly KubeObject[]
  /** Helm does not wait for pods of what it removes: the hub's database is in use until they have ended. */
  readonly arePodsLeft: boolean
  readonly claims: readonly KubeObject[]
  readonly own: readonly ObjectRef[]
  readonly isNamespaceLeft: boolean
  /** The cluster is still deleting it, with all that is in it. */
  readonly isNamespaceGoing: boolean
}

const nothing: Left = {
  hasRelease: false,
  servers: [],
  arePodsLeft: false,
  claims: [],
  own: [],
  isNamespaceLeft: false,
  isNamespaceGoing: false,
}

function servers(namespace: string): ListOf {
  return {apiVersion: 'v1', kind: 'Pod', namespace, labels: 'component=singleuser-server'}
}

/** Lists the pods of the hub, its proxy and servers, by the labels that the chart and KubeSpawner give them. */
function podsOf(namespace: string): ListOf {
  return {apiVersion: 'v1', kind: 'Pod', namespace, labels: 'app=jupyterhub'}
}

function claimsOf(namespace: string): ListOf {
  return {apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace}
}

/** In a namespace that is not the hub's alone: those that the chart and its servers have labelled. */
function hubClaims(namespace: string): ListOf {
  return {...claimsOf(namespace), labels: 'app=jupyterhub'}
}

function ownObjects(namespace: string): readonly ObjectRef[] {
  const v1 = (kind: string, name: string) => ({apiVersion: 'v1', kind, name, namespace})
  return [
    ...[appliedSpecName, releaseRecordName].flatMap((name) => [v1('Secret', name), v1('ConfigMap', name)]),
    v1('ResourceQuota', quotaName),
    v1('LimitRange', quotaName),
    ...trialRefs(namespace),
  ]
}
