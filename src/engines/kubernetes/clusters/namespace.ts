import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {KubeApi, KubeObject, ObjectRef} from '../api/kube-api.js'
import {hubLabel} from './names.js'

export function namespaceOf({k8s, name}: HubSpec): string {
  return k8s.namespace ?? name
}

export function namespaceRef(name: string): ObjectRef {
  return {apiVersion: 'v1', kind: 'Namespace', name}
}

export type NamespaceFound = 'missing' | 'ours' | 'foreign' | 'going'

/** Whose a namespace is: ours carries the hub's label. */
export async function findNamespace(api: KubeApi, name: string, hubName: string): Promise<NamespaceFound> {
  const found = await api.read<KubeObject>(namespaceRef(name))
  if (found === undefined) return 'missing'
  if (found.metadata.deletionTimestamp !== undefined) return 'going'
  return found.metadata.labels?.[hubLabel] === hubName ? 'ours' : 'foreign'
}
