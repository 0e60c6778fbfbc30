import {isDeepStrictEqual} from 'node:util'
import {policyGroup} from '../../people/group-name.js'
import {hubSpecSchema} from '../../hub-spec.js'
import {nest} from '../nest.js'
import {takeKeys, type Keys} from '../take-keys.js'
import {layerValues} from './reading/layer-values.js'
import {isRecord} from '../../document/is-record.js'

/** What an export holds: the spec it was made of, and the values that this spec gives now. */
export interface Exported {
  readonly document: Keys
  readonly values: Keys
}

const place = ['custom', 'jhub', 'spec'] as const

/** The values with the spec that they were made of, where the chart has room for anything. */
export function withSpec(values: Keys, document: Keys): Keys {
  return layerValues(values, {custom: {jhub: {spec: document}}})
}

/** The spec of which an export was made; `undefined` for values that are none, or of a jhub whose spec is another. */
export function exportedSpec(values: Keys): Keys | undefined {
  const document = takeKeys(values).look(...place)
  return isRecord(document) && hubSpecSchema.safeParse(document).success ? document : undefined
}

/** Values that differ from what the export wrote, lists whole; without jhub's own files, which change from version to version. */
export function changedValues({values: before}: Exported, after: Keys): Keys {
  const changed = withWholeImage(difference(withoutOwn(before), withoutOwn(after)), after)
  const people = peoplePlaces.some((path) => takeKeys(changed).look(...path) !== undefined)
  if (!people) return changed
  const whole = takeKeys(after)
  // Where it was not changed, its limits are those of the spec.
  whole.take(...groupsPlace, policyGroup)
  return peoplePlaces.reduce((all, path) => layerValues(all, nest(path, whole.look(...path))), changed)
}

const imagePlace = ['singleuser', 'image'] as const

/** A tag alone says no image, where only that was changed. */
function withWholeImage(changed: Keys, after: Keys): Keys {
  const [now, whole] = [takeKeys(changed).look(...imagePlace), takeKeys(after).look(...imagePlace)]
  if (!isRecord(now) || !isRecord(whole) || (now['name'] ?? now['tag']) === undefined) return changed
  return layerValues(changed, nest(imagePlace, {name: whole['name'], tag: whole['tag']}))
}

/** Paths that the export wrote and that are gone. */
export function removedPaths({values: before}: Exported, after: Keys): readonly (readonly string[])[] {
  return missing(withoutOwn(before), withoutOwn(after), [])
}

/** The spec of the export with what was changed in its values. */
export function withChanges({document}: Exported, changed: Keys): Keys {
  const users = isRecord(changed['users']) && Object.keys(changed['users']).length > 0 ? changed['users'] : undefined
  // Another way to sign in comes whole: keys of the one before are none of its.
  const base = changed['auth'] === undefined ? document : without(document, 'auth')
  const whole = layerValues(base, without(changed, 'users'))
  if (users === undefined) return whole
  const known = isRecord(document['users']) ? document['users'] : {}
  const entries = Object.keys(users).map((name) => [name, mergedUser(known[name], users[name])] as const)
  return {...whole, users: Object.fromEntries(entries)}
}

function mergedUser(known: unknown, now: unknown): Keys {
  return {...(isRecord(known) ? without(known, 'admin', 'groups') : {}), ...(isRecord(now) ? now : {})}
}

function without(values: Keys, ...keys: readonly string[]): Keys {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)))
}

const groupsPlace = ['hub', 'config', 'JupyterHub', 'load_groups'] as const
const peoplePlaces = [
  ['hub', 'config', 'Authenticator', 'admin_users'],
  ['hub', 'config', 'Authenticator', 'allowed_users'],
  groupsPlace,
] as const

function withoutOwn(values: Keys): Keys {
  const {take, rest} = takeKeys(values)
  take(...place)
  take('hub', 'extraFiles')
  take('hub', 'extraConfig', 'own')
  return rest()
}

function difference(before: Keys, after: Keys): Keys {
  return Object.fromEntries(
    Object.entries(after).flatMap(([key, value]) => {
      const old = Object.hasOwn(before, key) ? before[key] : undefined
      if (isRecord(old) && isRecord(value)) {
        const inner = difference(old, value)
        return Object.keys(inner).length === 0 ? [] : [[key, inner] as const]
      }
      return isDeepStrictEqual(old, value) ? [] : [[key, value] as const]
    }),
  )
}

function missing(before: Keys, after: Keys, above: readonly string[]): readonly (readonly string[])[] {
  return Object.entries(before).flatMap(([key, value]) => {
    if (!Object.hasOwn(after, key)) return [[...above, key]]
    const now = after[key]
    return isRecord(value) && isRecord(now) ? missing(value, now, [...above, key]) : []
  })
}
