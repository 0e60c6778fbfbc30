import {isDeepStrictEqual} from 'node:util'
import {JhubError} from '../../errors.js'
import {policyGroup} from '../../hub-spec/people/group-name.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {noImagesBuilt, type ImagesBuilt, type ImagesPolicy} from '../../hub-spec/images/resolve-image.js'
import {formatCpu, formatMemory} from '../../hub-spec/limits/quantity.js'
import {limitsPolicy, type LimitsPolicy} from '../../hub-spec/limits/resolve-limits.js'
import type {Step} from '../../steps/step.js'
import {requireApi} from './ensure-users.js'
import {readPolicy} from './read-policy.js'
import type {HubApi} from '../hub-api.js'
import {listNames} from '../list-names.js'
import {countPeople} from '../../hub-spec/people/count-people.js'
import {isRecord} from '../../hub-spec/document/is-record.js'

export interface LimitsOptions {
  readonly connect: () => Promise<HubApi | undefined>
  readonly spec: PolicySpec
  /** The images that are built. Absent where the engine builds none. */
  readonly built?: () => Promise<ImagesBuilt>
  /** What a hub that does not answer is taken to have. */
  readonly applied?: PolicySpec | undefined
}

type PolicySpec = Pick<HubSpec, 'users' | 'groups' | 'limits' | 'image' | 'images' | 'choose'>

/** The rules of who may use how much and who has which image, kept as properties of a group without members; read whenever a server starts. */
export function ensureLimits({connect, spec, built, applied}: LimitsOptions): Step {
  const policyOf = async (rules: PolicySpec, there?: unknown) =>
    limitsPolicy(
      rules,
      rules.images.size === 0 || built === undefined ? noImagesBuilt : withLost(await built(), rules, there),
    )
  let before: unknown
  let isSet = false
  return {
    title: spec.images.size === 0 ? 'Set limits' : 'Set limits and images',
    async check() {
      const api = await connect()
      const found = api === undefined && applied !== undefined ? await policyOf(applied) : await readPolicy(api)
      const wanted = await policyOf(spec, found)
      if (isDeepStrictEqual(found, wanted)) return undefined
      if (found !== undefined && !isPolicy(found))
        return {summary: `put the limits right: what the hub has in ${policyGroup} is damaged`, disturbs: 'live'}
      return {summary: describePolicyChange(found, wanted), disturbs: 'live'}
    },
    async apply() {
      const api = await requireApi(connect)
      before = await readPolicy(api)
      const wanted = await policyOf(spec, before)
      await api.createGroup(policyGroup)
      isSet = true
      await api.setGroupProperties(policyGroup, {policy: wanted})
      if (!isDeepStrictEqual(await readPolicy(api), wanted))
        throw new JhubError('JHUB-E210', 'The hub did not keep the limits')
    },
    async undo() {
      const api = await connect()
      if (api === undefined || !isSet) return
      if (before === undefined) await api.deleteGroup(policyGroup)
      else await api.setGroupProperties(policyGroup, {policy: before})
    },
  }
}

/**
 * With what the hub has of images whose build is gone, or whose recipe changed since: a server that gets none of it says so,
 * while one from other software would be started without a word.
 */
function withLost(built: ImagesBuilt, {images}: PolicySpec, there: unknown): ImagesBuilt {
  const before = isPolicy(there) ? Object.entries(there.images?.built ?? {}) : []
  const known = before.filter(([name]) => images.has(name))
  return {...built, references: new Map([...known, ...built.references])}
}

function isPolicy(found: unknown): found is LimitsPolicy {
  if (!isRecord(found)) return false
  const scopes = [found['default'], found['total'], ...values(found['groups']), ...values(found['users'])]
  return (
    scopes.every((scope) => isRecord(scope) && Object.values(scope).every((value) => typeof value === 'number')) &&
    isImages(found['images']) &&
    (found['names'] === undefined || values(found['names']).every((name) => typeof name === 'string'))
  )
}

function isImages(found: unknown): boolean {
  if (found === undefined) return true
  if (!isRecord(found) || !Array.isArray(found['groups'])) return false
  const choose = found['choose']
  return (
    [found['users'], found['built']].every(isRecord) &&
    found['groups'].every(Array.isArray) &&
    (choose === undefined || isChoices(choose)) &&
    (found['about'] === undefined || values(found['about']).every(isRecord))
  )
}

function isChoices(found: unknown): boolean {
  if (!isRecord(found) || !isRecord(found['users']) || !Array.isArray(found['groups'])) return false
  const groups = found['groups'] as readonly unknown[]
  return (
    [found['default'] ?? [], ...Object.values(found['users'])].every(Array.isArray) &&
    groups.every((entry) => Array.isArray(entry) && Array.isArray(entry[1]))
  )
}

/** What an object holds; nothing that could be a rule where it is none. */
function values(named: unknown): readonly unknown[] {
  return isRecord(named) ? Object.values(named) : [undefined]
}

/** `default memory 1G → 2G; user ben memory 4G (new)`. */
export function describePolicyChange(before: LimitsPolicy | undefined, after: LimitsPolicy): string {
  const [from, to] = [rulesOf(before), rulesOf(after)]
  const parts = [...new Set([...from.keys(), ...to.keys()])].flatMap((rule) => {
    const [old, next] = [from.get(rule), to.get(rule)]
    if (old === next) return []
    if (next === undefined) return [`${rule} ${old ?? ''} (removed)`]
    return [old === undefined ? `${rule} ${next} (new)` : `${rule} ${old} → ${next}`]
  })
  const renamed = countChanged(before?.names ?? {}, after.names ?? {})
  if (renamed > 0) parts.push(`names of ${countPeople(renamed)} on the hub's pages`)
  return parts.length === 0 ? 'set limits' : listNames(parts)
}

function countChanged(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): number {
  return new Set([...Object.keys(before), ...Object.keys(after)].filter((login) => before[login] !== after[login])).size
}

const words = {
  mem_limit: 'memory',
  mem_guarantee: 'memory guarantee',
  cpu_limit: 'cpu',
  cpu_guarantee: 'cpu guarantee',
  servers: 'servers',
} as const

function rulesOf(policy: LimitsPolicy | undefined): ReadonlyMap<string, string> {
  if (policy === undefined) return new Map()
  const scopes: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
    ['default', {...policy.default}],
    ...Object.entries(policy.groups).map(([name, traits]) => [`group ${name}`, {...traits}] as const),
    ...Object.entries(policy.users).map(([name, traits]) => [`user ${name}`, {...traits}] as const),
    ['total', {...policy.total}],
  ]
  return new Map([
    ...scopes.flatMap(([scope, traits]) =>
      Object.entries(traits).map(
        ([key, value]) =>
          [`${scope} ${key in words ? words[key as keyof typeof words] : key}`, show(key, value)] as const,
      ),
    ),
    ...imageRules(policy.images),
  ])
}

function imageRules(images: ImagesPolicy | undefined): readonly (readonly [string, string])[] {
  if (images === undefined) return []
  return [
    ...(images.default === undefined ? [] : [['image of everybody', images.default] as const]),
    ...images.groups.map(([group, image]) => [`image of group ${group}`, image] as const),
    ...Object.entries(images.users).map(([user, image]) => [`image of user ${user}`, image] as const),
    ...Object.entries(images.built).map(([name, reference]) => [`build of ${name}`, reference] as const),
    ...choiceRules(images.choose).map(([whose, list]) => [`choice of ${whose}`, list.join(' or ')] as const),
    ...Object.entries(images.about ?? {}).flatMap(([name, {description}]) =>
      description === undefined ? [] : [[`description of ${name}`, `"${description}"`] as const],
    ),
  ]
}

function choiceRules(choose: ImagesPolicy['choose']): readonly (readonly [string, readonly string[]])[] {
  if (choose === undefined) return []
  return [
    ...(choose.default === undefined ? [] : [['everybody', choose.default] as const]),
    ...choose.groups.map(([group, list]) => [`group ${group}`, list] as const),
    ...Object.entries(choose.users).map(([user, list]) => [`user ${user}`, list] as const),
  ]
}

function show(key: string, value: number): string {
  if (key.startsWith('mem')) return formatMemory(value)
  return key === 'servers' ? String(value) : formatCpu(value)
}
