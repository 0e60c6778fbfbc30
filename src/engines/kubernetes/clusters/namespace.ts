import {JhubError} from '../../../errors.js'
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

/** Where a hub of that name may be; an account that may not list namespaces looks into the one that it would have by itself. */
export async function namespacesOf(api: KubeApi, hubName: string): Promise<readonly string[]> {
  try {
    const found = await api.list({apiVersion: 'v1', kind: 'Namespace', labels: `${hubLabel}=${hubName}`})
    return found.map(({metadata}) => metadata.name)
  } catch (error) {
    if (error instanceof JhubError && error.details?.['status'] === 403) return [hubName]
    throw error
  }
}
