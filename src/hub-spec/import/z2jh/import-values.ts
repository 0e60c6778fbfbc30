import type {JhubError} from '../../../errors.js'
import {specError} from '../../document/spec-problem.js'
import {takeKeys, withoutEmptied, type Keys} from '../take-keys.js'
import {changedValues, exportedSpec, removedPaths, withChanges, type Exported} from './exported-spec.js'
import {fitSpec} from './fit-spec.js'
import type {Importing} from './importing.js'
import {layerValues} from './reading/layer-values.js'
import {nest} from '../nest.js'
import {nameClasses} from './name-classes.js'
import {renameOldKeys} from './reading/old-keys.js'
import {withoutPlaceholders} from './reading/placeholders.js'
import {readValues, type ValuesFile, type ValuesText} from './reading/read-values.js'
import {hideSecrets, withoutHidden} from './secret-values.js'
import {isOfChart, unwrapValues} from './reading/unwrap-values.js'
import {takeAccess, takeBaseUrl} from './sections/values-access.js'
import {closedNotes} from '../sign-in/read-sign-in.js'
import {leaveOutAuth, takeSignIn} from './sections/values-auth.js'
import {clusterFacts, defaultCluster} from '../../place/cluster-name.js'
import {cloudSigns} from './sections/values-cluster.js'
import {takeIdle} from './sections/values-idle.js'
import {withoutEmptySections, withoutRefused} from './sections/chart-keys.js'
import {leaveOut, leaveOutUnknown, takeExtraConfig} from './sections/values-left-out.js'
import {takeLimits} from './sections/values-limits.js'
import {takeProfiles} from './sections/values-profiles.js'
import {takePeople} from './sections/values-people.js'
import {takeImage, takePod, takeStorage} from './sections/values-server.js'
import {isOfficialChart} from '../../place/chart/chart-version.js'
import {isRecord} from '../../document/is-record.js'
import {definedOnly, ifDefined, unlessEmpty} from '../../../defined-only.js'

export interface Imported {
  /** A document as `jhub.yaml` has it. */
  readonly document: Keys
  /** What a person must know of it, one sentence each. */
  readonly notes: readonly string[]
}

export interface ImportOptions {
  /** The name of the hub. */
  readonly name: string
  /** As `k8s.cluster` has it; absent where nobody said. */
  readonly cluster?: string
  /** Where the values are an export of jhub's. */
  readonly exported?: Exported
}

const needsDocker =
  "Images are tried by this computer's Docker before anybody has them. Without Docker here, take image, images and choose out, and write k8s: {image: REFERENCE}, which the nodes download by themselves."

/** In place of a context that nobody named; there is none of this name, so nothing is made anywhere by chance. */
export const unknownContext = 'context:YOUR-CONTEXT'

/**
 * A spec out of the values of a Zero to JupyterHub chart; later files win, as with helm. What the spec has a key for goes
 * there; the rest stays under `k8s.values`. What would make the hub less safe, is a secret, or is made by jhub itself, is
 * left out and told. Throws `JHUB-E101` for a file that is no values file.
 */
export function importValues(texts: readonly ValuesText[], options: ImportOptions): Imported {
  const {files, found, inside, told} = readAll(texts)
  const note = noteTaker(told, files, inside)
  tellRemarks(files, inside, note)
  const {exported} = options
  if (exported === undefined) return {document: importFound(found, options, note, told), notes: told}
  const changed = changedValues(exported, found)
  for (const path of removedPaths(exported, found))
    note(path, 'was taken out of the export: the settings file still gives it.')
  const isSame = Object.keys(changed).length === 0
  if (!isSame)
    told.push(
      'The values were changed since jhub wrote them: what differs is laid over the settings they were made of.',
    )
  const cluster = options.cluster ?? takeKeys(exported.document).look('k8s', 'cluster')
  const own = {name: options.name, ...(typeof cluster === 'string' ? {k8s: {cluster}} : {})}
  if (isSame) return {document: layerValues(exported.document, own), notes: told}
  const imported = importFound(
    changed,
    {...options, cluster: typeof cluster === 'string' ? cluster : defaultCluster},
    note,
    told,
  )
  return {document: layerValues(withChanges(exported, imported), own), notes: told}
}

/** The spec that an export was made of; `undefined` where the values are none. Throws `JHUB-E101`. */
export function findExportedSpec(texts: readonly ValuesText[]): Keys | undefined {
  return exportedSpec(readAll(texts).found)
}

function readAll(texts: readonly ValuesText[]) {
  const files = texts.map(readValues)
  const all = files.reduce<Keys>((below, {values}) => layerValues(below, values), {})
  const {values: found, inside, others} = unwrapValues(all)
  if (!isOfChart(found)) throw foreign(files)
  const told: string[] = []
  for (const {name, values} of files) if (Object.keys(values).length === 0) told.push(`${name} holds no values.`)
  if (inside.length > 0) told.push(`The values are those under ${inside.join('.')}.`)
  for (const {path, is} of others) told.push(`${path.join('.')}${placeOf(files, path)} ${besideWords[is]}: left out.`)
  return {files, found, inside, told}
}

/** Another program's file would give an empty hub. */
function foreign(files: readonly ValuesFile[]): JhubError {
  const problem = 'no key here is one of the chart of Zero to JupyterHub, such as hub, singleuser or proxy'
  return specError(
    [{path: '', line: 1, column: 1, problem}],
    files.map(({name}) => name).join(', '),
    'Name the values file of the hub, or take what is installed: helm get values RELEASE | jhub import z2jh -',
  )
}

const besideWords = {
  'another chart': "is another chart's",
  'another hub': 'is another hub',
  'outside the chart': 'stands where the chart does not read it',
} as const

function importFound(
  found: Keys,
  {name, cluster: asked, exported}: ImportOptions,
  note: Importing['note'],
  told: string[],
): Keys {
  const isWhole = exported === undefined
  const tidied = renameOldKeys(withoutPlaceholders(leaveOutUnknown(hideSecrets(found), note), note), note)
  const {values: named, renamed} = nameClasses(tidied)
  for (const [from, to] of renamed) note(['hub', 'config', from], `is read as ${to}.`)
  const {take, look, rest} = takeKeys(named)
  const importing: Importing = {take, look, note}
  // A placeholder for a class of volumes says as well as a name that the cluster is another.
  const written = takeKeys(found)
  const signs = cloudSigns(written).map((path) => path.join('.'))
  const cluster = asked ?? (signs.length === 0 ? defaultCluster : unknownContext)
  told.unshift(...clusterNotes(asked, cluster, signs))
  const signIn = takeSignIn(importing)
  const people = takePeople(importing, signIn)
  const auth = people.blocked.length === 0 ? signIn.auth : withoutAllow(signIn.auth)
  leaveOutAuth(importing, auth)
  const limits = takeLimits(importing)
  const idle = takeIdle(importing)
  leaveOut(importing)
  const image = takeImage(importing)
  const profiles = takeProfiles(importing, {usual: image, written: written.look})
  const {isMadeByJhub} = clusterFacts(cluster)
  if (!isMadeByJhub && Object.keys(profiles).length > 0) told.push(needsDocker)
  const k8s = {
    cluster,
    ...takeAccess(importing, {isMadeByJhub, isWhole, written: written.look}),
    ...takeStorage(importing),
    ...takePod(importing),
  }
  const access = takeBaseUrl(importing)
  const chart = takeKeys(exported?.document ?? {}).look('k8s', 'chart')
  const values = takeValues(importing, rest, {told, isOfficial: isOfficialChart(chart)})
  const {document, leftOut, unwritten} = fitSpec({
    version: 1,
    name,
    mode: 'k8s',
    k8s: {...k8s, ...definedOnly({chart, values: unlessEmpty(values)})},
    ...access,
    ...definedOnly({auth: unlessEmpty(auth)}),
    users: people.users,
    ...definedOnly({
      groups: unlessEmpty(people.groups),
      limits: ifDefined(unlessEmpty(limits), (given) => ({default: given})),
    }),
    ...profiles,
    ...idle,
  })
  for (const {path, problem} of leftOut) {
    const isValue = path[0] === 'k8s' && path[1] === 'values'
    if (isValue) note(path.slice(2), `${problem}: left out.`)
    else told.push(`${path.join('.')}: ${problem}; left out.`)
  }
  told.push(...unwritten)
  if (Object.keys(auth).length > 0) told.push(...closedNotes(document['auth']))
  return withoutEmptyValues(document, values)
}

/** Somebody is blocked, whom a rule might let in: no rule is taken over. */
function withoutAllow(auth: Keys): Keys {
  return Object.fromEntries(Object.entries(auth).filter(([key]) => key !== 'allow'))
}

/** What was left out may leave maps with nothing in them. */
function withoutEmptyValues(document: Keys, before: Keys): Keys {
  const {k8s} = document
  if (!isRecord(k8s) || !isRecord(k8s['values'])) return document
  const {values, ...others} = k8s
  const left = withoutEmptied(values, before)
  return {...document, k8s: Object.keys(left).length === 0 ? others : {...others, values: left}}
}

interface ValuesContext {
  readonly told: string[]
  readonly isOfficial: boolean
}

/** What stays under `k8s.values`, without secrets. */
function takeValues(importing: Importing, rest: () => Keys, {told, isOfficial}: ValuesContext): Keys {
  const code = takeExtraConfig(importing)
  const left = layerValues(rest(), code)
  const {values, paths} = withoutHidden(left)
  for (const path of paths) importing.note(path, secretNote(path))
  const whole = layerValues(bareServices(values), withoutEmptied(values, left))
  const taken = isOfficial ? withoutRefused(whole, importing.note, told) : whole
  return withoutEmptySections(withoutEmptied(taken, whole))
}

/** Services of which only a secret was said: by their names the chart makes them a token. */
function bareServices(values: Keys): Keys {
  const services = takeKeys(values).look('hub', 'services')
  const bare = Object.entries(isRecord(services) ? services : {}).filter(
    ([, service]) => isRecord(service) && Object.keys(service).length === 0,
  )
  return bare.length === 0 ? {} : nest(['hub', 'services'], Object.fromEntries(bare))
}

function secretNote(path: readonly string[]): string {
  const key = path.at(-1) ?? ''
  if (path[0] === 'hub' && path[1] === 'services')
    return 'is a secret: left out. The chart makes a token for each service, in the secret `hub`.'
  if (path.includes('extraEnv'))
    return `is or holds a secret: left out. Put it into a secret of the cluster, then ${key}: {valueFrom: {secretKeyRef: {name: NAME, key: KEY}}} under k8s.values.`
  return 'is or holds what looks like a secret: left out. Put it into a secret of the cluster and name that under k8s.values.'
}

function clusterNotes(asked: string | undefined, cluster: string, signs: readonly string[]): readonly string[] {
  if (asked !== undefined) {
    return clusterFacts(asked).isMadeByJhub && signs.length > 0
      ? [`A ${asked} cluster may not have what these ask for: ${signs.join(', ')}.`]
      : []
  }
  return clusterFacts(cluster).isMadeByJhub
    ? [
        `k8s.cluster is ${cluster}, a cluster on this machine. \`--cluster context:NAME\` imports for one of your kubeconfig.`,
      ]
    : [
        `k8s.cluster is ${cluster}: these are of the cluster that the values were made for: ${signs.join(', ')}. Write its context there (\`kubectl config get-contexts\`), or import with --cluster kind.`,
      ]
}

function tellRemarks(files: readonly ValuesFile[], inside: readonly string[], note: Importing['note']): void {
  for (const {remarks} of files)
    for (const {path, sentence, at} of remarks) note(path.slice(inside.length), sentence, at.slice(inside.length))
}

function noteTaker(told: string[], files: readonly ValuesFile[], inside: readonly string[]): Importing['note'] {
  return (path, sentence, at = path) => told.push(`${path.join('.')}${placeOf(files, [...inside, ...at])} ${sentence}`)
}

/** Of several files, the last that has the key. */
function placeOf(files: readonly ValuesFile[], path: readonly string[]): string {
  const found = files.toReversed().flatMap((file) => {
    const line = isAt(file.values, path) ? file.lineOf(path) : undefined
    return line === undefined
      ? []
      : [files.length === 1 ? ` (line ${String(line)})` : ` (${file.name}:${String(line)})`]
  })
  return found[0] ?? ''
}

function isAt(values: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true
  if (Array.isArray(values)) return true
  return isRecord(values) && Object.hasOwn(values, first) && isAt(values[first], rest)
}
