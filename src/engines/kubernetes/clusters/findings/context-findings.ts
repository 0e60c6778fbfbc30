import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../../findings/finding.js'
import type {Action, KubeApi, KubeObject} from '../../api/kube-api.js'
import {listIfAllowed} from '../../api/read-if-allowed.js'
import {findNamespace, lendNamespace, namespaceOf, type NamespaceFound} from '../namespace.js'
import {namespaceFindings} from './namespace-findings.js'
import {shellWord} from '../../../../hub-spec/shell-word.js'

/** The chart asks for 1.28. */
const oldestMinor = 28

export interface ContextPlace {
  readonly title: string
  readonly context: string
}

/** A cluster of somebody else's: its version and storage, whose the namespace is, and what this account may do. Reads only. */
export async function contextFindings(api: KubeApi, place: ContextPlace, spec: HubSpec): Promise<readonly Finding[]> {
  const namespace = namespaceOf(spec)
  const [version, storage, whose] = await Promise.all([
    api.version(),
    checkStorage(api, spec),
    findNamespace(api, namespace, spec.name),
  ])
  return [
    checkVersion(place, version),
    storage,
    checkNamespace(namespace, spec.name, whose),
    await checkRights(api, place, spec, whose),
    ...(whose === 'missing' || whose === 'going' ? [] : await namespaceFindings(api, spec)),
  ]
}

function checkVersion({title}: ContextPlace, version: string): Finding {
  if (Number(/^v1\.(\d+)/.exec(version)?.[1]) >= oldestMinor) return {check: title, state: 'ok', found: version}
  const needed = `v1.${String(oldestMinor)} or newer`
  return {check: title, state: 'problem', found: version, needed, fix: 'Use a newer cluster'}
}

function checkNamespace(namespace: string, hubName: string, whose: NamespaceFound): Finding {
  const check = `namespace ${namespace}`
  const found = {missing: 'free', going: 'being removed', ours: "this hub's own", lent: 'made for this hub by an admin'}
  if (whose !== 'foreign') return {check, state: 'ok', found: found[whose]}
  return {
    check,
    state: 'problem',
    found: 'it exists, and this hub did not make it',
    needed: 'a free name',
    fix: `${lendNamespace(namespace, hubName)}   # gives it to this hub; or k8s: {namespace: ANOTHER} in the settings file`,
  }
}

const rbac = 'rbac.authorization.k8s.io'
const to = (verb: string, resource: string, group = ''): Action => ({verb, group, resource})

const each = (verbs: readonly string[], resource: string, group = '') => verbs.map((verb) => to(verb, resource, group))
/** What helm does with an object: it makes, changes and removes it, and looks what is there. */
const whole = ['create', 'get', 'patch', 'delete']

/** What the chart makes in its plain form, and what jhub itself asks for, up to `down --delete-data`. */
const alwaysNeeded = [
  ...each([...whole, 'list', 'update'], 'secrets'),
  ...each(whole, 'configmaps'),
  ...each(whole, 'services'),
  ...each(whole, 'serviceaccounts'),
  ...each([...whole, 'list'], 'persistentvolumeclaims'),
  to('create', 'pods/portforward'),
  ...each(['list', 'delete'], 'pods'),
  to('get', 'pods/log'),
  to('list', 'events'),
  ...each(whole, 'deployments', 'apps'),
  ...each(whole, 'networkpolicies', 'networking.k8s.io'),
  ...each(whole, 'roles', rbac),
  ...each(whole, 'rolebindings', rbac),
]
const neededByTotal = [...each(whole, 'resourcequotas'), ...each(whole, 'limitranges')]
/** The scheduler of users' pods chooses among all nodes. */
const neededByScale = [to('create', 'clusterroles', rbac), to('create', 'clusterrolebindings', rbac)]

/** By what the cluster itself answers to "may I?", so that no installation ends half-way. */
async function checkRights(
  api: KubeApi,
  {context}: ContextPlace,
  spec: HubSpec,
  whose: NamespaceFound,
): Promise<Finding> {
  const namespace = namespaceOf(spec)
  const {limits, k8s} = spec
  const inside = [...alwaysNeeded, ...(Object.keys(limits.total).length === 0 ? [] : neededByTotal)]
  const wanted = [
    ...inside.map((action) => ({...action, namespace})),
    ...(k8s.scale === 'cluster' ? neededByScale : []),
    ...(whose === 'missing' ? [to('create', 'namespaces')] : []),
    ...(whose === 'missing' || whose === 'ours' ? [to('delete', 'namespaces')] : []),
  ]
  const answers = await Promise.all(wanted.map((action) => api.may(action)))
  const refused = wanted.filter((_, index) => answers[index] !== true)
  const check = `rights in ${namespace}`
  if (refused.length === 0) return {check, state: 'ok', found: 'all that a hub needs'}
  return {
    check,
    state: 'problem',
    found: `this account may not ${describeRights(refused)}`,
    needed: 'an account that may',
    fix: `kubectl --context ${shellWord(context)} auth can-i --list --namespace ${namespace}   # an admin of the cluster can give what is missing`,
  }
}

/** `create, get secrets; list pods` */
function describeRights(rights: readonly Action[]): string {
  const byResource = Map.groupBy(rights, ({resource}) => resource)
  return [...byResource].map(([resource, of]) => `${of.map(({verb}) => verb).join(', ')} ${resource}`).join('; ')
}

async function checkStorage(api: KubeApi, {k8s}: HubSpec): Promise<Finding> {
  // They belong to the whole cluster, where an account with rights in namespaces alone may not look.
  const classes = await listIfAllowed<KubeObject>(api, {apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass'})
  if (classes === 'not allowed')
    return {check: 'storage class', state: 'warning', found: 'not known: this account may not list storage classes'}
  const names = classes.map(({metadata}) => metadata.name)
  const wanted = k8s.storage.class
  const isThere =
    wanted === undefined
      ? classes.some(({metadata}) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true')
      : names.includes(wanted)
  const check = 'storage class'
  if (isThere) return {check, state: 'ok', found: wanted ?? 'the default one'}
  return {
    check,
    state: 'problem',
    found: names.length === 0 ? 'none' : `only ${names.join(', ')}`,
    needed: wanted ?? 'a default one, or one that the settings file names',
    fix: 'k8s: {storage: {class: NAME}} in the settings file',
  }
}
