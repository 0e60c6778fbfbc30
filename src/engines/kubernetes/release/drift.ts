import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {KubeApi, KubeObject, ObjectRef} from '../api/kube-api.js'
import {readKubeQuantity} from '../api/kube-quantity.js'
import {readIfAllowed} from '../api/read-if-allowed.js'
import {namespaceOf} from '../clusters/namespace.js'
import type {ReleaseRecord} from './release-record.js'
import {readManifest} from './releases.js'
import {isRecord} from '../../../hub-spec/document/is-record.js'

/** One way in which an object of a release is no longer as the chart made it. */
export interface Drift {
  /** `Deployment hub`. */
  readonly object: string
  /** `Deployment hub: spec.replicas is 0, not 1`. */
  readonly text: string
  /** For what was added, which helm leaves: the change that takes it away, as a JSON merge patch. */
  readonly removal?: {readonly ref: ObjectRef; readonly patch: object}
}

type Path = readonly string[]

interface Difference {
  readonly path: Path
  readonly wanted: unknown
  readonly live: unknown
  /** For what was added: the value that removes it, and where to put it. Lists are replaced as a whole. */
  readonly removal?: {readonly path: Path; readonly value: unknown}
}

/** Maps in which one key more than the chart gives changes what the object does. */
const closedMaps: Readonly<Record<string, readonly Path[]>> = {
  Service: [['spec', 'selector']],
  ConfigMap: [['data']],
  Secret: [['data']],
  Deployment: [
    ['spec', 'template', 'spec', 'nodeSelector'],
    ['spec', 'paused'],
  ],
}

/** What the cluster, or its admin by right, writes into an object: the size of a claim, how many placeholders wait. */
const ownToCluster: Readonly<Record<string, Path | undefined>> = {
  PersistentVolumeClaim: ['spec'],
  StatefulSet: ['spec', 'replicas'],
}

/**
 * What was changed by hand in the release of a hub. The differences that stood right after helm, which its record has, are the
 * cluster's own way of writing objects.
 */
export async function readReleaseDrift(
  api: KubeApi,
  spec: HubSpec,
  {accepted = []}: ReleaseRecord = {},
): Promise<readonly Drift[]> {
  const namespace = namespaceOf(spec)
  const drift = await readDrift(api, await readManifest(api, namespace, spec.name), namespace)
  return drift.filter(({text}) => !accepted.includes(text))
}

/**
 * How the objects of a release differ from its manifest: what is missing, changed or added by hand. What this account may not
 * read is passed over.
 */
export async function readDrift(
  api: KubeApi,
  manifest: readonly KubeObject[],
  namespace: string,
): Promise<readonly Drift[]> {
  const all = await Promise.all(manifest.map((object) => driftOf(api, object, namespace)))
  return all.flat()
}

async function driftOf(api: KubeApi, wanted: KubeObject, namespace: string): Promise<readonly Drift[]> {
  const {apiVersion, kind, metadata} = wanted
  const ref = {apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? namespace}
  const object = `${kind} ${metadata.name}`
  const live = await readIfAllowed<KubeObject>(api, ref)
  if (live === 'not allowed') return []
  if (live === undefined) return [{object, text: `${object} is missing`}]
  return differencesOf(wanted, live).map((difference) => ({
    object,
    text: `${object}: ${describeDifference(kind, difference)}`,
    ...(difference.removal === undefined
      ? {}
      : {removal: {ref, patch: nested(difference.removal.path, difference.removal.value)}}),
  }))
}

/** Labels, annotations and status are left to the cluster. */
const notCompared: readonly string[] = ['apiVersion', 'kind', 'metadata', 'status']

function differencesOf(wanted: KubeObject, live: KubeObject): readonly Difference[] {
  const [content, found] = [contentOf(wanted), contentOf(live)]
  const ignored = ownToCluster[wanted.kind]
  const changed = Object.entries(content).flatMap(([key, value]) => compare(value, found[key], [key]))
  const added = (closedMaps[wanted.kind] ?? []).flatMap((path) => addedBelow(content, found, path))
  return [...changed, ...added].filter(({path}) => ignored?.every((key, index) => path[index] === key) !== true)
}

/** With a secret's texts as the API keeps them. */
function contentOf(object: KubeObject): Readonly<Record<string, unknown>> {
  const entries = Object.entries(object).filter(([key]) => !notCompared.includes(key))
  const {stringData, ...rest} = Object.fromEntries(entries) as Readonly<Record<string, unknown>>
  if (!isRecord(stringData)) return rest
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')])
  return {...rest, data: {...(isRecord(rest['data']) ? rest['data'] : {}), ...Object.fromEntries(encoded)}}
}

function compare(wanted: unknown, live: unknown, path: Path): readonly Difference[] {
  if (isNothing(wanted) && isNothing(live)) return []
  if (isList(wanted) && isList(live)) return compareLists(wanted, live, path)
  if (isRecord(wanted) && isRecord(live))
    return Object.entries(wanted).flatMap(([key, value]) => compare(value, live[key], [...path, key]))
  return isSame(wanted, live) ? [] : [{path, wanted, live}]
}

function compareLists(wanted: readonly unknown[], live: readonly unknown[], path: Path): readonly Difference[] {
  const removal = {path, value: wanted}
  if (!areNamed(wanted) || !areNamed(live)) {
    if (wanted.length !== live.length) return [{path, wanted, live}]
    return wanted
      .flatMap((value, index) => compare(value, live[index], [...path, String(index)]))
      .map(putWhole(removal))
  }
  const changed = wanted.flatMap((value) => {
    const found = live.find(({name}) => name === value.name)
    return compare(value, found, [...path, value.name])
  })
  const more = live.flatMap(({name}): readonly Difference[] =>
    wanted.some((value) => value.name === name) ? [] : [{path: [...path, name], wanted: null, live: name, removal}],
  )
  return [...changed, ...more].map(putWhole(removal))
}

/** A merge patch knows no items of a list. */
function putWhole(removal: Required<Difference>['removal']): (difference: Difference) => Difference {
  return (difference) => (difference.removal === undefined ? difference : {...difference, removal})
}

function addedBelow(content: unknown, live: unknown, path: Path): readonly Difference[] {
  const [wanted, found] = [at(content, path), at(live, path)]
  if (!isRecord(found)) return isNothing(found) || !isNothing(wanted) ? [] : [removed(path, found)]
  const known = isRecord(wanted) ? wanted : {}
  return Object.entries(found).flatMap(([key, value]) => (key in known ? [] : [removed([...path, key], value)]))
}

function removed(path: Path, live: unknown): Difference {
  return {path, wanted: null, live, removal: {path, value: null}}
}

/** The API leaves out what is empty, and takes its own default for it. */
function isNothing(value: unknown): boolean {
  if (isRecord(value) || isList(value)) return Object.keys(value).length === 0
  return value === undefined || value === null || value === '' || value === 0 || value === false
}

function isSame(one: unknown, other: unknown): boolean {
  if (isNothing(one) && isNothing(other)) return true
  const [left, right] = [textOf(one), textOf(other)]
  if (left === undefined || right === undefined) return false
  const quantity = readKubeQuantity(left)
  return left.trim() === right.trim() || (quantity !== undefined && quantity === readKubeQuantity(right))
}

function textOf(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function areNamed(values: readonly unknown[]): values is readonly {readonly name: string}[] {
  const names = values.map((value) => (isRecord(value) ? value['name'] : undefined))
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value)
}

function nested(path: Path, value: unknown): object {
  return path.reduceRight<unknown>((inner, key) => ({[key]: inner}), value) as object
}

/** Secrets and long texts by their name alone. */
function describeDifference(kind: string, {path, wanted, live, removal}: Difference): string {
  const where = path.join('.')
  if (removal !== undefined) return `${where} was added`
  if (live === undefined) return `${where} was taken away`
  const [before, now] = [textOf(wanted), textOf(live)]
  const isShown = kind !== 'Secret' && before !== undefined && now !== undefined && before.length + now.length <= 60
  return isShown ? `${where} is ${now}, not ${before === '' ? 'empty' : before}` : `${where} was changed`
}
