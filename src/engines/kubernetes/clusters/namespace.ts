import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {KubeApi, KubeObject, ObjectRef} from '../api/kube-api.js'
import {fieldManager, hubLabel} from './names.js'

export function namespaceOf({k8s, name}: HubSpec): string {
  return k8s.namespace ?? name
}

export function namespaceRef(name: string): ObjectRef {
  return {apiVersion: 'v1', kind: 'Namespace', name}
}

/** `lent`: an admin made it, and gave it to this hub by the label. */
export type NamespaceFound = 'missing' | 'ours' | 'lent' | 'foreign' | 'going'

/** Whose a namespace is: the hub's own carries its label. One that jhub did not write is never removed by it. */
export async function findNamespace(api: KubeApi, name: string, hubName: string): Promise<NamespaceFound> {
  const found = await api.read<KubeObject>(namespaceRef(name))
  if (found === undefined) return 'missing'
  if (found.metadata.deletionTimestamp !== undefined) return 'going'
  if (found.metadata.labels?.[hubLabel] !== hubName) return 'foreign'
  return found.metadata.managedFields?.some(({manager}) => manager === fieldManager) === true ? 'ours' : 'lent'
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

/** What an admin types to give a namespace to a hub. */
export function lendNamespace(namespace: string, hubName: string): string {
  return `kubectl label namespace ${namespace} ${hubLabel}=${hubName}`
}
