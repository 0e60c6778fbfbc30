import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {KubeApi} from '../api/kube-api.js'
import type {Cluster} from '../clusters/cluster.js'
import {appliedSpecName, retainedStorageClass, releaseRecordName} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import {readRecord} from './record-secret.js'
import {readRevisions} from './releases.js'

/** What of jhub's own objects beside the chart is gone, where a hub stands. */
export async function missingObjects(cluster: Cluster, api: KubeApi, spec: HubSpec): Promise<readonly string[]> {
  const namespace = namespaceOf(spec)
  const [newest] = await readRevisions(api, namespace, spec.name)
  if (newest?.status !== 'deployed') return []
  const names = [releaseRecordName, appliedSpecName]
  const kept = await Promise.all(names.map((name) => readRecord(api, namespace, name)))
  const ref = {apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name: retainedStorageClass}
  const hasClass = cluster.own === undefined || (await api.read(ref)) !== undefined
  return [
    ...names.filter((_, index) => kept[index] === undefined).map((name) => `Secret ${name} is missing`),
    ...(hasClass ? [] : [`StorageClass ${retainedStorageClass} is missing`]),
  ]
}
