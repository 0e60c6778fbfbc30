import {createHash} from 'node:crypto'
import {JhubError} from '../../errors.js'
import {normaliseGroupName} from '../people/group-name.js'
import {isPlaceholder} from './is-placeholder.js'
import type {Take} from './take-keys.js'
import type {NamedPeople} from './tljh-auth.js'
import {wordsOf, type Taken} from './tljh-words.js'
import {accountName, normaliseUserName} from '../people/user-name.js'
import {isRecord} from '../document/is-record.js'
import {definedOnly, unlessEmpty} from '../../defined-only.js'

/** A user of TLJH's hub, by its database. */
export interface TljhUser {
  readonly name: string
  readonly admin: boolean
}

/** Where a person's files are with TLJH, and the name of their home here. */
export interface TljhHome {
  readonly user: string
  readonly from: string
  readonly account: string
}

export interface TakenPeople extends Taken {
  readonly homes: readonly TljhHome[]
  /** Names that may not log in. */
  readonly banned: readonly string[]
}

/** Everybody who may log in with TLJH: by its configuration, and by its database, which forgets nobody. */
export function takePeople(take: Take, database: readonly TljhUser[], auth: NamedPeople): TakenPeople {
  const admins = [...wordsOf(take('users', 'admin')), ...auth.admins]
  const banned = [...wordsOf(take('users', 'banned')), ...auth.banned]
  const asked = [
    ...admins.map((name) => ({name, admin: true})),
    ...[...wordsOf(take('users', 'allowed')), ...auth.allowed].map((name) => ({name, admin: false})),
    ...database,
  ]
  const found = asked.map((user) => ({...user, ...readName(user.name, normaliseUserName)}))
  const isBanned = new Set(banned.map((name) => readName(name, normaliseUserName).normal))
  const byName = Map.groupBy(
    found.flatMap(({name, admin, normal}) => (normal === undefined ? [] : [{name: hubName(name), admin, normal}])),
    ({normal}) => normal,
  )
  const kept = [...byName].filter(([normal]) => !isBanned.has(normal)).map(([normal, same]) => toPerson(normal, same))
  const groups = takeGroups(take('users', 'extra_user_groups'), new Set(kept.map(({normal}) => normal)))
  const users = kept.map(({normal, admin}) => {
    const memberOf = groups.members.filter(({name}) => name === normal).map(({group}) => group)
    return [normal, {...(admin ? {admin} : {}), ...definedOnly({groups: unlessEmpty(memberOf)})}] as const
  })
  const fromAdmins = new Set(admins.map(hubName))
  const byDatabaseOnly = kept.filter(({admin, names}) => admin && !names.some((name) => fromAdmins.has(name)))
  return {
    banned,
    keys: {
      ...(users.length === 0 ? {} : {users: new Map(users)}),
      ...(groups.names.length === 0 ? {} : {groups: Object.fromEntries(groups.names.map((name) => [name, {}]))}),
    },
    notes: [
      ...new Set(found.flatMap(({problem}) => (problem === undefined ? [] : [`${problem}; left out.`]))),
      ...kept
        .filter(({names}) => names.length > 1)
        .map(
          ({normal, names}) =>
            `${names.map(quoted).join(' and ')} are different users in TLJH, but the same name here, ${normal}: give one of them another name.`,
        ),
      ...(banned.length === 0
        ? []
        : [
            `users.banned (${banned.join(', ')}) is not needed: people who are not in the settings file cannot log in.`,
          ]),
      ...byDatabaseOnly.map(
        ({normal}) =>
          `${normal} is an admin in TLJH's database and not in users.admin: an admin here too; \`jhub user set ${normal} --no-admin\` ends that.`,
      ),
      ...groups.notes,
      ...(users.length === 0 ? ['TLJH names nobody who can log in: `jhub user add ana --admin` after `jhub up`.'] : []),
    ],
    homes: kept.flatMap(({normal, names}) => {
      const [only, other] = names
      if (only === undefined || other !== undefined) return []
      return [{user: normal, from: `/home/${tljhAccount(only)}`, account: accountName(normal)}]
    }),
  }
}

/** The unix account that TLJH gives a user: hashed from 18 characters on. */
export function tljhAccount(userName: string): string {
  const wanted = `jupyter-${userName}`
  const letters = Array.from(wanted)
  if (letters.length < 26) return wanted
  return `${letters.slice(0, 26).join('')}-${createHash('sha256').update(wanted).digest('hex').slice(0, 5)}`
}

/** Names that JupyterHub itself takes for the same are one person. Of others, all must be admins: nobody becomes one by chance. */
function toPerson(normal: string, same: readonly TljhUser[]) {
  const apart = [...Map.groupBy(same, ({name}) => name)]
  return {
    normal,
    names: apart.map(([name]) => name),
    admin: apart.every(([, entries]) => entries.some(({admin}) => admin)),
  }
}

function takeGroups(value: unknown, users: ReadonlySet<string>) {
  if (!isRecord(value)) {
    const notes = wordsOf(value).map(() => 'users.extra_user_groups is not groups with names: left out.')
    return {names: [], members: [], notes}
  }
  const all = Object.entries(value).map(([group, names]) => ({
    group,
    ...readName(group, normaliseGroupName),
    members: wordsOf(names).map((name) => ({name, normal: readName(name, normaliseUserName).normal})),
  }))
  const kept = all.flatMap(({normal, members}) => (normal === undefined ? [] : [{group: normal, members}]))
  const isUser = (name: string | undefined) => name !== undefined && users.has(name)
  const names = [...new Set(kept.map(({group}) => group))]
  const pairs = kept.flatMap(({group, members}) => members.map(({name, normal}) => ({group, name, normal})))
  return {
    names,
    members: pairs.flatMap(({group, normal}) => (isUser(normal) ? [{group, name: normal}] : [])),
    notes: [
      ...all.flatMap(({problem}) => (problem === undefined ? [] : [`${problem}; left out.`])),
      ...(names.length === 0
        ? []
        : [
            `users.extra_user_groups (${names.join(', ')}) are groups of the hub here, for limits; nobody is put into groups of the machine.`,
          ]),
      ...pairs
        .filter(({normal}) => !isUser(normal))
        .map(({group, name}) => `${quoted(name)} of the group ${group} is not one of the imported users: left out.`),
    ],
  }
}

/** The name by which JupyterHub knows the user of a configuration. */
function hubName(name: string): string {
  return name.toLowerCase()
}

function quoted(name: string): string {
  return JSON.stringify(name)
}

function readName(text: string, normalise: (text: string) => string): {normal?: string; problem?: string} {
  if (isPlaceholder(text)) return {problem: `${text} is a placeholder and not a name`}
  const [name = '', ...others] = text.split(':')
  if (others.length > 0)
    return {problem: `${quoted(name)} with a colon and more behind it, as a password, is not a name`}
  try {
    return {normal: normalise(text)}
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    return {problem: error.message}
  }
}
