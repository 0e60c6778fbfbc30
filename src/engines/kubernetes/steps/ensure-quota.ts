import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {formatCpu, formatMemory} from '../../../hub-spec/limits/quantity.js'
import type {Step} from '../../../steps/step.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeApi, ObjectRef} from '../api/kube-api.js'
import {readKubeQuantity} from '../api/kube-quantity.js'
import {readIfAllowed} from '../api/read-if-allowed.js'
import {quotaName} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import {requireKube} from '../api/require-kube.js'
import {totalQuota, type QuotaObject} from '../pods/total-quota.js'

/** What all servers together may use, held by the cluster itself. */
export function ensureQuota(cluster: Cluster, spec: HubSpec): Step {
  const namespace = namespaceOf(spec)
  const wanted = totalQuota(spec, namespace)
  const refs = (['ResourceQuota', 'LimitRange'] as const).map((kind): ObjectRef => ({
    apiVersion: 'v1',
    kind,
    name: quotaName,
    namespace,
  }))
  const readAll = async (api: KubeApi | undefined) =>
    api === undefined ? [] : Promise.all(refs.map((ref) => readOwn(api, ref)))
  let before: readonly (QuotaObject | undefined)[] = []
  return {
    title: "Set the whole hub's limits",
    async check() {
      const found = await readAll(await cluster.api())
      const isSame = refs.every((_, index) => isSameQuota(found[index], wanted[index]))
      if (isSame) return undefined
      return {summary: `set the whole hub's limits: ${describeTotal(spec)}`, disturbs: 'live'}
    },
    async apply() {
      const api = await requireKube(cluster)
      before = await readAll(api)
      for (const each of wanted) await api.apply(each)
      if (wanted.length > 0) return
      for (const [index, ref] of refs.entries()) if (before[index] !== undefined) await api.remove(ref)
    },
    async undo() {
      const api = await cluster.api()
      if (api === undefined || before.length === 0) return
      for (const [index, ref] of refs.entries()) {
        const old = before[index]
        if (old === undefined) await api.remove(ref)
        else await api.apply({...ref, metadata: {name: quotaName, namespace}, spec: old.spec} as QuotaObject)
      }
    },
  }
}

/** An account that may not look at quotas has made none. */
async function readOwn(api: KubeApi, ref: ObjectRef): Promise<QuotaObject | undefined> {
  const found = await readIfAllowed<QuotaObject>(api, ref)
  return found === 'not allowed' ? undefined : found
}

/** The API gives numbers back in a form of its own: they are compared as numbers. */
function isSameQuota(found: QuotaObject | undefined, wanted: QuotaObject | undefined): boolean {
  if (found === undefined || wanted === undefined) return found === wanted
  return JSON.stringify(numbers(found.spec)) === JSON.stringify(numbers(wanted.spec))
}

function numbers(spec: Readonly<Record<string, unknown>>): unknown {
  const flat = (value: unknown, path: string): readonly string[] => {
    if (typeof value !== 'object' || value === null)
      return [`${path}=${String(readKubeQuantity(String(value)) ?? value)}`]
    return Object.entries(value).flatMap(([key, inner]) => flat(inner, `${path}.${key}`))
  }
  return flat(spec, '').toSorted()
}

function describeTotal({limits: {total}}: HubSpec): string {
  const parts = [
    ...(total.memoryBytes === undefined ? [] : [`memory ${formatMemory(total.memoryBytes)}`]),
    ...(total.cpuCores === undefined ? [] : [`cpu ${formatCpu(total.cpuCores)}`]),
  ]
  return parts.length === 0 ? 'none' : parts.join(', ')
}
