import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {hubLabel} from '../clusters/names.js'

/** Texts that jhub keeps in a namespace, and notes about them. */
export interface StoredRecord {
  readonly data: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

interface Holder extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

export function recordRef(kind: 'Secret' | 'ConfigMap', name: string, namespace: string) {
  return {apiVersion: 'v1', kind, name, namespace}
}

/** What is kept under a name; older hubs have it in a ConfigMap. `undefined` where nothing is. */
export async function readRecord(api: KubeApi, namespace: string, name: string): Promise<StoredRecord | undefined> {
  const secret = await api.read<Holder>(recordRef('Secret', name, namespace))
  const found = secret ?? (await api.read<Holder>(recordRef('ConfigMap', name, namespace)))
  if (found === undefined) return undefined
  const decode = (text: string) => (secret === undefined ? text : Buffer.from(text, 'base64').toString())
  return {
    data: Object.fromEntries(Object.entries(found.data ?? {}).map(([key, text]) => [key, decode(text)])),
    annotations: found.metadata.annotations ?? {},
  }
}

export interface RecordToWrite extends StoredRecord {
  readonly hubName: string
  readonly name: string
  readonly namespace: string
}

/** In a Secret, because a settings file and values may hold what opens other things. */
export async function writeRecord(
  api: KubeApi,
  {hubName, name, namespace, data, annotations}: RecordToWrite,
): Promise<void> {
  const encode = (text: string) => Buffer.from(text).toString('base64')
  const holder: Holder = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {name, namespace, labels: {[hubLabel]: hubName}, annotations},
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, encode(text)])),
  }
  await api.apply(holder)
  await api.remove(recordRef('ConfigMap', name, namespace))
}
