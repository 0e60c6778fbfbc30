import {JhubError} from '../../errors.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import type {Change, Step} from '../../steps/step.js'
import {generatePassword} from './generate-password.js'
import type {HubApi} from '../hub-api.js'
import type {HubUser} from '../hub-model.js'
import {listNames} from '../list-names.js'
import {someAtOnce} from '../requests/some-at-once.js'

/** Where passwords that were made are kept. */
export interface MadePasswords {
  /** Comes before they are set on the hub. */
  keep(passwords: ReadonlyMap<string, string>): Promise<void>
  /** Of people who are taken back. */
  forget(logins: readonly string[]): Promise<void>
}

export interface UsersOptions {
  /** `undefined`: the hub is not there yet. */
  readonly connect: () => Promise<HubApi | undefined>
  readonly spec: Pick<HubSpec, 'users'>
  /** What the spec was when it was last applied: who is only there is removed. */
  readonly applied: Pick<HubSpec, 'users'> | undefined
  /** People to remove besides those. */
  readonly remove?: readonly string[]
  /** Passwords that the person gave, by user. */
  readonly passwords: ReadonlyMap<string, string>
  /** Whether people have passwords of their own. Default: they do. */
  readonly havePasswords?: boolean
  /** Whether admins have sudo on the machine; it ends with their rights. Default: they have not. */
  readonly adminSudo?: boolean
  /** Filled with the passwords made for people who had none. */
  readonly issued: Map<string, string>
  readonly made?: MadePasswords
}

interface Difference {
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly promote: readonly string[]
  readonly demote: readonly string[]
  readonly withoutPassword: readonly string[]
}

/**
 * The people of the hub as the spec has them, by a few bulk requests. Whom neither the spec nor the applied spec names is
 * left alone.
 */
export function ensureUsers(wanted: UsersOptions): Step {
  const {connect, spec, applied, remove = [], passwords, issued, made, havePasswords = true, adminSudo = false} = wanted
  const leaving = [...(applied?.users.keys() ?? []), ...remove]
  const created: string[] = []
  return {
    title: 'Add and remove people',
    async check() {
      const api = await connect()
      // While the hub does not run, what it was last given is the best that is known of it.
      if (api === undefined && applied !== undefined) {
        const known = describe(compare(asThere(applied.users), spec, leaving), [...passwords.keys()], adminSudo)
        return known ?? {summary: 'compare the people on the hub with the settings file once it runs', disturbs: 'live'}
      }
      const difference = await differ(api, {spec, leaving, havePasswords})
      return describe(difference, [...passwords.keys()], adminSudo)
    },
    async apply(context) {
      const api = await requireApi(connect)
      const difference = await differ(api, {spec, leaving, havePasswords})
      for (const name of difference.add) created.push(name)
      await api.createUsers(difference.add)
      context.report({done: difference.add.length, unit: 'items', note: 'people added'})
      await someAtOnce(difference.remove, (name) => api.deleteUser(name))
      await someAtOnce(difference.promote, (name) => api.setAdmin(name, true))
      await someAtOnce(difference.demote, (name) => api.setAdmin(name, false))
      const fresh = new Map(
        difference.withoutPassword.filter((name) => !passwords.has(name)).map((name) => [name, generatePassword()]),
      )
      await made?.keep(fresh)
      if (havePasswords) await Promise.all([api.setPasswords(passwords, false), api.setPasswords(fresh, true)])
      for (const [name, password] of fresh) issued.set(name, password)
      const left = describe(await differ(api, {spec, leaving, havePasswords}), [], adminSudo)
      if (left !== undefined)
        throw new JhubError('JHUB-E210', `The hub did not accept every change to people; still to do: ${left.summary}`)
    },
    async undo() {
      const api = await connect()
      if (api === undefined) return
      for (const name of created) await api.deleteUser(name)
      await made?.forget(created)
    },
  }
}

interface Looking {
  readonly spec: UsersOptions['spec']
  readonly leaving: readonly string[]
  readonly havePasswords: boolean
}

/** People as they are on the hub. */
interface There {
  readonly users: ReadonlyMap<string, {readonly admin: boolean}>
  /** Who needs no new password. */
  readonly withPassword: ReadonlySet<string>
  /** Admins because of a group of their provider's. */
  readonly givenAdmins: ReadonlySet<string>
}

async function differ(api: HubApi | undefined, {spec, leaving, havePasswords}: Looking): Promise<Difference> {
  if (api === undefined) {
    const withPassword = new Set(havePasswords ? [] : spec.users.keys())
    return compare({users: new Map(), withPassword, givenAdmins: new Set()}, spec, leaving)
  }
  const found = await api.users()
  const users = new Map<string, HubUser>(found.map((user) => [user.name, user]))
  if (havePasswords) {
    const withPassword = await api.usersWithPassword()
    return compare({users, withPassword, givenAdmins: new Set()}, spec, leaving)
  }
  const {given} = await api.signIn()
  const givenAdmins = new Set([...given].flatMap(([name, {admin}]) => (admin ? [name] : [])))
  return compare({users, withPassword: new Set(spec.users.keys()), givenAdmins}, spec, leaving)
}

/** What was last applied, of a hub that cannot be asked. */
function asThere(users: ReadonlyMap<string, {readonly admin: boolean}>): There {
  return {users, withPassword: new Set(users.keys()), givenAdmins: new Set()}
}

function compare(
  {users: there, withPassword, givenAdmins}: There,
  spec: UsersOptions['spec'],
  leaving: readonly string[],
): Difference {
  const wanted = [...spec.users]
  const isAdmin = (name: string) => there.get(name)?.admin ?? false
  return {
    add: wanted.flatMap(([name]) => (there.has(name) ? [] : [name])),
    remove: [...new Set(leaving)].filter((name) => !spec.users.has(name) && there.has(name)),
    promote: wanted.flatMap(([name, {admin}]) => (admin && !isAdmin(name) ? [name] : [])),
    demote: wanted.flatMap(([name, {admin}]) => (!admin && isAdmin(name) && !givenAdmins.has(name) ? [name] : [])),
    withoutPassword: wanted.flatMap(([name]) => (withPassword.has(name) ? [] : [name])),
  }
}

const andSudo = ' (and sudo: everything they run ends, their servers too)'

function describe(
  {add, remove, promote, demote, withoutPassword}: Difference,
  given: readonly string[],
  hasSudo: boolean,
): Change | undefined {
  const isNew = new Set(add)
  const newAdmins = promote.filter((name) => isNew.has(name))
  const newOthers = add.filter((name) => !promote.includes(name))
  const promoted = promote.filter((name) => !isNew.has(name))
  const old = withoutPassword.filter((name) => !isNew.has(name))
  const parts = [
    ...(newAdmins.length === 0
      ? []
      : [`add ${listNames(newAdmins)} as ${newAdmins.length === 1 ? 'an admin' : 'admins'}`]),
    ...(newOthers.length === 0 ? [] : [`add ${listNames(newOthers)}`]),
    ...(remove.length === 0 ? [] : [`remove ${listNames(remove)} (their servers stop, their files stay)`]),
    ...(promoted.length === 0 ? [] : [`make ${listNames(promoted)} ${promoted.length === 1 ? 'an admin' : 'admins'}`]),
    ...(demote.length === 0 ? [] : [`take admin rights from ${listNames(demote)}${hasSudo ? andSudo : ''}`]),
    ...(old.length === 0 ? [] : [`make a password for ${listNames(old)}`]),
    ...(given.length === 0 ? [] : [`set the password of ${listNames(given)}`]),
  ]
  return parts.length === 0 ? undefined : {summary: parts.join('; '), disturbs: 'live'}
}

export async function requireApi(connect: () => Promise<HubApi | undefined>): Promise<HubApi> {
  const api = await connect()
  if (api === undefined) throw new JhubError('JHUB-E204', 'The hub is not running', {fix: 'jhub up'})
  return api
}
