import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import {formatMemory} from '../../../../hub-spec/limits/quantity.js'
import {newSecrets} from '../../../sign-in/secrets.js'
import type {Finding} from '../../../../findings/finding.js'
import type {KubeApi, KubeObject} from '../../api/kube-api.js'
import {readKubeQuantity} from '../../api/kube-quantity.js'
import {listIfAllowed, readIfAllowed} from '../../api/read-if-allowed.js'
import {chartValues, type Values} from '../../chart/chart-values.js'
import {hubDatabase} from '../../chart/hub-database.js'
import {databaseClaim, quotaName} from '../names.js'
import {namespaceOf, namespaceRef} from '../namespace.js'

interface Quota extends KubeObject {
  readonly spec?: {readonly scopes?: readonly string[]; readonly scopeSelector?: object}
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>
    readonly used?: Readonly<Record<string, string>>
  }
}

interface LimitRange extends KubeObject {
  readonly spec?: {
    readonly limits?: readonly {readonly type?: string; readonly max?: Readonly<Record<string, string>>}[]
  }
}

type Amounts = Readonly<Record<string, number>>

/** What an admin of the cluster set for the namespace that would keep hub, proxy or servers from running. Reads only. */
export async function namespaceFindings(api: KubeApi, spec: HubSpec): Promise<readonly Finding[]> {
  const namespace = namespaceOf(spec)
  const v1 = {apiVersion: 'v1', namespace}
  const [quotas, ranges, found, hub, database] = await Promise.all([
    listIfAllowed<Quota>(api, {...v1, kind: 'ResourceQuota'}),
    listIfAllowed<LimitRange>(api, {...v1, kind: 'LimitRange'}),
    readIfAllowed<KubeObject>(api, namespaceRef(namespace)),
    readIfAllowed<KubeObject>(api, {apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'hub'}),
    readIfAllowed<KubeObject>(api, {...v1, kind: 'PersistentVolumeClaim', name: databaseClaim}),
  ])
  const needs = {
    ...(typeof hub === 'object' ? {} : coreNeeds(spec)),
    ...(typeof database === 'object' ? {} : databaseNeeds(spec)),
  }
  const others = <T extends KubeObject>(list: readonly T[] | 'not allowed') =>
    list === 'not allowed' ? [] : list.filter(({metadata}) => metadata.name !== quotaName)
  return [
    ...others(quotas).flatMap((quota) => checkQuota(quota, spec, needs)),
    ...others(ranges).flatMap((range) => checkRange(range, spec)),
    ...(typeof found === 'object' ? checkLevel(found, spec) : []),
  ]
}

/** A quota with scopes counts some pods alone; which, only the cluster knows. */
function checkQuota({metadata, spec: said, status}: Quota, spec: HubSpec, needs: Amounts): readonly Finding[] {
  if ((said?.scopes ?? []).length > 0 || said?.scopeSelector !== undefined) return []
  const {hard = {}, used = {}} = status ?? {}
  const check = `quota ${metadata.name} of the namespace`
  const left = (what: string) => (readKubeQuantity(hard[what]) ?? Infinity) - (readKubeQuantity(used[what]) ?? 0)
  const short = Object.entries(needs).filter(([what, amount]) => left(what) < amount)
  const {default: each} = spec.limits
  const unlimited = [
    ...('limits.memory' in hard && each.memoryBytes === undefined ? ['memory'] : []),
    ...('limits.cpu' in hard && each.cpuCores === undefined ? ['cpu'] : []),
  ]
  return [
    ...short.map(([what, amount]): Finding => ({
      check,
      state: 'problem',
      found: `it leaves ${amountOf(what, Math.max(0, left(what)))} of ${what}`,
      needed: `${amountOf(what, amount)} for ${what in databaseNeeds(spec) ? "the hub's database" : 'hub and proxy'}`,
      fix: `kubectl --namespace ${namespaceOf(spec)} describe quota   # an admin of the cluster can raise it`,
    })),
    ...unlimited.map((what): Finding => ({
      check,
      state: 'problem',
      found: `it refuses servers without a ${what} limit, and the settings file gives none`,
      needed: `a ${what} limit for everybody`,
      fix: `jhub limits set --${what} ${what === 'cpu' ? '1' : '1G'}`,
    })),
  ]
}

function checkRange({metadata, spec: said}: LimitRange, spec: HubSpec): readonly Finding[] {
  const most = said?.limits?.filter(({type}) => type === 'Container' || type === 'Pod') ?? []
  const {default: each} = spec.limits
  const wanted = [
    ...corePods(spec).map(({name, resources}) => ({who: `the ${name}`, limits: resources.limits})),
    {who: "everybody's server", limits: {memory: each.memoryBytes ?? 0, cpu: each.cpuCores ?? 0}},
  ]
  return wanted.flatMap(({who, limits}) =>
    Object.entries(limits).flatMap(([what, amount]): readonly Finding[] => {
      const allowed = Math.min(...most.map(({max}) => readKubeQuantity(max?.[what]) ?? Infinity))
      if (amount <= allowed) return []
      return [
        {
          check: `limit range ${metadata.name} of the namespace`,
          state: 'problem',
          found: `it allows ${amountOf(what, allowed)} of ${what} for one container`,
          needed: `${amountOf(what, amount)} for ${who}`,
          fix: who.startsWith('the ')
            ? `jhub config edit   # k8s.values: ${who === 'the hub' ? 'hub' : 'proxy.chp'}.resources.limits`
            : `jhub limits set --${what} ${amountOf(what, allowed)}`,
        },
      ]
    }),
  )
}

function checkLevel({metadata}: KubeObject, spec: HubSpec): readonly Finding[] {
  const level = metadata.labels?.['pod-security.kubernetes.io/enforce']
  if (level === undefined || level === 'privileged') return []
  const check = `pod security level of namespace ${metadata.name}`
  if (spec.k8s.pod.uid !== 0 || level === 'baseline') return [{check, state: 'ok', found: level}]
  const fix = 'jhub config edit   # k8s.pod.uid: 1000'
  return [{check, state: 'problem', found: level, needed: 'servers that do not run as root (k8s.pod.uid)', fix}]
}

/** What the database counts against a quota; nothing where the values put it elsewhere. */
function databaseNeeds(spec: HubSpec): Amounts {
  const database = hubDatabase(spec)
  if (database === undefined) return {}
  return {persistentvolumeclaims: 1, 'requests.storage': readKubeQuantity(database.size) ?? 0}
}

/** What hub and proxy count against a quota, by each of the quota's own names for it. */
function coreNeeds(spec: HubSpec): Amounts {
  const pods = corePods(spec)
  const sum = (kind: 'requests' | 'limits', what: string) =>
    pods.reduce((total, {resources}) => total + (resources[kind][what] ?? 0), 0)
  const [memory, cpu] = [sum('requests', 'memory'), sum('requests', 'cpu')]
  return {
    pods: pods.length,
    'count/pods': pods.length,
    memory,
    cpu,
    'requests.memory': memory,
    'requests.cpu': cpu,
    'limits.memory': sum('limits', 'memory'),
    'limits.cpu': sum('limits', 'cpu'),
  }
}

interface CorePod {
  readonly name: 'hub' | 'proxy'
  readonly resources: {readonly requests: Amounts; readonly limits: Amounts}
}

function corePods(spec: HubSpec): readonly CorePod[] {
  const values = chartValues({spec, secrets: newSecrets(), files: new Map(), extraConfig: undefined, place: undefined})
  const {hub, proxy} = values as {hub?: Values; proxy?: {chp?: Values}}
  return [
    {name: 'hub', resources: amounts(hub?.['resources'])},
    {name: 'proxy', resources: amounts(proxy?.chp?.['resources'])},
  ]
}

function amounts(resources: unknown): CorePod['resources'] {
  const {requests = {}, limits = {}} = (resources ?? {}) as Readonly<Record<string, Readonly<Record<string, string>>>>
  const read = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([what, text]) => [what, readKubeQuantity(text) ?? 0]))
  return {requests: read(requests), limits: read(limits)}
}

function amountOf(what: string, amount: number): string {
  return /memory|storage$/.test(what) ? formatMemory(amount) : String(amount)
}
