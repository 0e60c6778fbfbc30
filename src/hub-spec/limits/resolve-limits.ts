import {definedOnly} from '../../defined-only.js'
import {imagesPolicy, type ImagesBuilt, type ImagesPolicy} from '../images/resolve-image.js'
import type {HubSpec, Limits, TotalLimits} from '../hub-spec.js'

export interface ResolvedLimit {
  /** Bytes or cores. */
  readonly value: number
  /** `user`, `group NAME`, `default` or `total`: the rule that set it. */
  readonly from: string
}

/** What counts for one person. A key that is absent has no limit. */
export type ResolvedLimits = {readonly [Key in keyof Limits]?: ResolvedLimit}

type Rules = Pick<HubSpec, 'users' | 'groups' | 'limits'>

const keys = ['memoryBytes', 'memoryGuaranteeBytes', 'cpuCores', 'cpuGuaranteeCores'] as const

/**
 * The most particular rule wins, key by key: user, then the largest of the groups, then default. Nobody has more cores than
 * all servers together may use, and no guarantee is above its limit.
 */
export function resolveLimits({users, groups, limits}: Rules, userName: string): ResolvedLimits {
  const user = users.get(userName)
  const winner = (key: keyof Limits): ResolvedLimit | undefined => {
    const own = user?.limits[key]
    if (own !== undefined) return {value: own, from: 'user'}
    const offered = (user?.groups ?? []).flatMap((name) => {
      const value = groups.get(name)?.limits[key]
      return value === undefined ? [] : [{value, from: `group ${name}`}]
    })
    const largest = offered.toSorted((one, other) => other.value - one.value)[0]
    if (largest !== undefined) return largest
    const common = limits.default[key]
    return common === undefined ? undefined : {value: common, from: 'default'}
  }
  const [memory, memoryGuarantee, ownCpu, cpuGuarantee] = keys.map(winner)
  const {cpuCores: most} = limits.total
  const cpu = ownCpu !== undefined && most !== undefined && most < ownCpu.value ? {value: most, from: 'total'} : ownCpu
  return Object.fromEntries(
    [memory, atMost(memoryGuarantee, memory), cpu, atMost(cpuGuarantee, cpu)].flatMap((limit, index) => {
      const key = keys[index]
      return limit === undefined || key === undefined ? [] : [[key, limit]]
    }),
  )
}

function atMost(guarantee: ResolvedLimit | undefined, limit: ResolvedLimit | undefined): ResolvedLimit | undefined {
  if (guarantee === undefined || limit === undefined || guarantee.value <= limit.value) return guarantee
  return {...guarantee, value: limit.value}
}

/** Limits under the names that JupyterHub's spawners give them; bytes and cores. */
export interface LimitTraits {
  readonly mem_limit?: number
  readonly mem_guarantee?: number
  readonly cpu_limit?: number
  readonly cpu_guarantee?: number
}

/** What is put on the hub and read by `assets/hub/jhub_limits.py` at every start of a server. */
export interface LimitsPolicy {
  readonly version: 1
  readonly default: LimitTraits
  readonly groups: Readonly<Record<string, LimitTraits>>
  readonly users: Readonly<Record<string, LimitTraits>>
  readonly total: {readonly mem_limit?: number; readonly cpu_limit?: number; readonly servers?: number}
  /** Which image each person's server has; absent on a hub without images. */
  readonly images?: ImagesPolicy
  /** What people are called on the hub's pages; absent where nobody is called otherwise than their login. */
  readonly names?: Readonly<Record<string, string>>
}

type PolicyRules = Rules & Pick<HubSpec, 'image' | 'images' | 'choose'>

/** The document that the hub is given. */
export function limitsPolicy(rules: PolicyRules, built: ImagesBuilt): LimitsPolicy {
  const {users, groups, limits} = rules
  const images = imagesPolicy(rules, built)
  const names = [...users].flatMap(([login, {name}]) => (name === undefined ? [] : [[login, name] as const]))
  return {
    version: 1,
    default: toTraits(limits.default),
    groups: particular(groups),
    users: particular(users),
    total: toTotal(limits.total),
    ...definedOnly({images, names: names.length === 0 ? undefined : Object.fromEntries(names)}),
  }
}

function particular(entries: ReadonlyMap<string, {readonly limits: Limits}>): Readonly<Record<string, LimitTraits>> {
  return Object.fromEntries(
    [...entries]
      .map(([name, {limits}]) => [name, toTraits(limits)] as const)
      .filter(([, traits]) => Object.keys(traits).length > 0),
  )
}

function toTraits({memoryBytes, memoryGuaranteeBytes, cpuCores, cpuGuaranteeCores}: Limits): LimitTraits {
  return definedOnly({
    mem_limit: memoryBytes,
    mem_guarantee: memoryGuaranteeBytes,
    cpu_limit: cpuCores,
    cpu_guarantee: cpuGuaranteeCores,
  })
}

function toTotal({memoryBytes, cpuCores, servers}: TotalLimits): LimitsPolicy['total'] {
  return definedOnly({mem_limit: memoryBytes, cpu_limit: cpuCores, servers})
}
