import {JhubError} from '../../../../errors.js'
import {normaliseGroupName, policyGroup} from '../../../people/group-name.js'
import {normaliseUserName} from '../../../people/user-name.js'
import {commonAuthenticators, isAuthenticator} from '../../sign-in/authenticators.js'
import type {Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {shown} from '../../../document/shown.js'
import {itemKey} from '../reading/list-items.js'
import {isRecord} from '../../../document/is-record.js'
import {definedOnly, unlessEmpty} from '../../../../defined-only.js'

type Path = readonly string[]

export interface ValuesPeople {
  readonly users: Readonly<Record<string, {readonly admin?: true; readonly groups?: readonly string[]}>>
  readonly groups: Readonly<Record<string, object>>
  /** Names that may not log in. */
  readonly blocked: readonly string[]
}

/** How people sign in by the values. */
export interface InUse {
  /** The class of the authenticator; `undefined` where the values say none. */
  readonly used: string | undefined
  /** What the spec has for it. */
  readonly auth: Keys
}

/** Old and new names of the traits by which an authenticator names people. */
const traits = {
  admins: ['admin_users'],
  allowed: ['allowed_users', 'whitelist', 'username_whitelist'],
  blocked: ['blocked_users', 'blacklist'],
} as const

/**
 * People and groups, under any authenticator of the values and under `auth`, as charts before 1.0 have it. `used`: the class in
 * use, where the values say it.
 */
export function takePeople({take, look, note}: Importing, {used, auth}: InUse): ValuesPeople {
  const config = look('hub', 'config')
  const classes = Object.entries(isRecord(config) ? config : {})
    .filter(([name, entry]) => isAuthenticator(name) || (name !== 'JupyterHub' && namesPeople(entry)))
    .map(([name]) => name)
  const isUsed = (name: string) =>
    used === undefined || name === used || name === 'JupyterHub' || commonAuthenticators.has(name)
  const names = (kind: keyof typeof traits) =>
    [...classes, 'JupyterHub'].flatMap((name) =>
      traits[kind].flatMap((trait) => {
        const path = ['hub', 'config', name, trait]
        const listed = nameList(path, take(...path), note)
        if (listed.length === 0 || kind === 'blocked') return listed
        // JupyterHub itself had admins before its authenticators, and still reads them; others it never had.
        const unread = name === 'JupyterHub' && kind === 'allowed' ? 'is no setting of JupyterHub' : undefined
        if (isUsed(name) && unread === undefined) return listed
        const why = unread ?? `is not of the authenticator in use (${used ?? ''})`
        const words = listed.map(({word}) => word).join(', ')
        note(path, `names ${words}, and ${why}: left out. \`jhub user add\` adds them.`)
        return []
      }),
    )
  const old = (...path: Path) => nameList(['auth', ...path], take('auth', ...path), note)
  const read = (list: readonly Listed[]) =>
    list.flatMap(({word, path, at}) => readName(word, normaliseUserName, (why) => note(path, `${why}; left out.`, at)))
  const admins = read([...names('admins'), ...old('admin', 'users')])
  const allowed = read([
    ...names('allowed'),
    ...old('whitelist', 'users'),
    ...old('allowedUsers'),
    ...old('allowlist', 'users'),
  ])
  const blocked = new Set(read(names('blocked')))
  const people = [...new Set([...allowed, ...admins])].filter((name) => !blocked.has(name))
  if (blocked.size > 0)
    note(
      ['hub', 'config'],
      auth['allow'] === undefined
        ? `blocks ${[...blocked].join(', ')}: nobody who is not in the settings file can log in.`
        : `blocks ${[...blocked].join(', ')}, and a rule might let them in: auth.allow is left out. \`jhub user remove\` keeps a person out for good; then write the rule.`,
    )
  const groups = takeGroups({take, look, note}, new Set(people))
  return {
    users: Object.fromEntries(
      people.map((name) => {
        const memberOf = groups.filter(({members}) => members.includes(name)).map(({group}) => group)
        const isAdmin = admins.includes(name)
        return [name, {...(isAdmin ? {admin: true} : {}), ...definedOnly({groups: unlessEmpty(memberOf)})}]
      }),
    ),
    groups: Object.fromEntries(groups.map(({group}) => [group, {}])),
    blocked: [...blocked],
  }
}

/** An authenticator of somebody's own may have any name; it is known by its traits. */
function namesPeople(entry: unknown): boolean {
  return isRecord(entry) && Object.values(traits).some((names) => names.some((name) => Object.hasOwn(entry, name)))
}

function takeGroups({take, note}: Importing, people: ReadonlySet<string>) {
  const path = ['hub', 'config', 'JupyterHub', 'load_groups']
  const value = take(...path)
  if (value === undefined || value === null) return []
  if (!isRecord(value)) {
    note(path, 'is not groups with names: left out.')
    return []
  }
  return Object.entries(value).flatMap(([key, entry]) => {
    const at = [...path, key]
    if (key === policyGroup) {
      if (holdsLimits(entry))
        note(
          at,
          "holds limits as jhub writes them for a hub: left out. Set them under limits, or a user's or group's own.",
        )
      return []
    }
    const [group] = readName(key, normaliseGroupName, (why) => note(at, `${why}; left out.`))
    if (group === undefined) return []
    if (isRecord(entry) && isRecord(entry['properties']) && Object.keys(entry['properties']).length > 0)
      note([...at, 'properties'], 'does not exist here: left out.')
    const listed = isRecord(entry) ? nameList([...at, 'users'], entry['users'], note) : nameList(at, entry, note)
    const members = listed.flatMap((each) => {
      const tell = (sentence: string) => note(at, sentence, each.at)
      const [name] = readName(each.word, normaliseUserName, (why) => tell(`${why}; left out.`))
      if (name === undefined || people.has(name)) return name ?? []
      tell(`names ${name}, who is not one of the people in the values: left out.`)
      return []
    })
    return [{group, members}]
  })
}

/** Whether a policy, as jhub writes it into a group, limits anybody. */
function holdsLimits(entry: unknown): boolean {
  const policy = isRecord(entry) && isRecord(entry['properties']) ? entry['properties']['policy'] : undefined
  return isRecord(policy) && Object.values(policy).some((rules) => isRecord(rules) && Object.keys(rules).length > 0)
}

interface Listed {
  readonly word: string
  readonly path: Path
  /** The path down to the word itself. */
  readonly at: Path
}

/** Names in a list, or as the keys of a set; what is none is told. */
function nameList(path: Path, value: unknown, note: Importing['note']): readonly Listed[] {
  if (value === undefined || value === null) return []
  if (isRecord(value)) return Object.keys(value).map((word) => ({word, path, at: [...path, word]}))
  const items = Array.isArray(value) ? (value as readonly unknown[]) : undefined
  return (items ?? [value]).flatMap((each, index) => {
    const at = items === undefined ? path : [...path, itemKey(each, index)]
    if (typeof each === 'string' || typeof each === 'number') return [{word: String(each), path, at}]
    note(path, `${shown(each)} is not a name; if it should be one, write it in quotes. Left out.`, at)
    return []
  })
}

/** What a template would fill in: `${ADMIN}`, `$(ADMIN)`, `{{ admin }}`, `__ADMIN__`. */
const placeholder = /\$[{(]|\{\{|^__.*__$/

function readName(word: string, normalise: (text: string) => string, tell: (why: string) => void): readonly string[] {
  if (placeholder.test(word)) {
    tell(`"${word}" is a placeholder, and nobody's name`)
    return []
  }
  try {
    return [normalise(word)]
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    tell(error.message)
    return []
  }
}
