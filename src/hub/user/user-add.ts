import {definedOnly, unlessEmpty} from '../../defined-only.js'
import {usableUrl, type HubAddresses} from '../../jupyterhub/hub-addresses.js'
import {addUsers} from '../../hub-spec/edit/edit-users.js'
import {normaliseGroupName} from '../../hub-spec/people/group-name.js'
import type {UserSpec} from '../../hub-spec/hub-spec.js'
import {shellWord} from '../../hub-spec/shell-word.js'
import {accountName, normaliseUserName} from '../../hub-spec/people/user-name.js'
import {changeSpec, type SpecChangeResult} from '../session/spec/change-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {requirePasswords} from '../session/people/require-passwords.js'

export interface UserAddOptions {
  readonly names: readonly string[]
  readonly admin: boolean
  readonly groups: readonly string[]
  /** Given passwords, by user; everybody else gets one made. */
  readonly passwords: ReadonlyMap<string, string>
  readonly dryRun: boolean
}

export interface AddedUser {
  readonly name: string
  /** The name of the account and home, where the user's name cannot be one. */
  readonly account: string
  readonly state: 'added' | 'already there'
  /** What was asked for and not done, since they are there already: the commands that do it. */
  readonly notDone?: readonly string[]
  readonly password?: string
}

export interface UserAddResult {
  readonly outcome: SpecChangeResult['outcome']
  readonly users: readonly AddedUser[]
  readonly changes: SpecChangeResult['changes']
  /** For this computer; `null` where it can be reached by `jhub open` only. */
  readonly url: string | null
  readonly addresses: HubAddresses
}

/** Adds people; those who are there already keep what they have. */
export async function userAdd(context: HubContext, options: UserAddOptions): Promise<UserAddResult> {
  const names = [...new Set(options.names.map(normaliseUserName))]
  const given = new Map([...options.passwords].map(([name, password]) => [normaliseUserName(name), password]))
  const {hub, before, outcome, changes, passwords} = await changeSpec(context, {
    edit: (source, {users: there}) => {
      const fresh = names.filter((name) => !there.has(name))
      if (fresh.length === 0) return source
      return addUsers(source, fresh, {
        ...(options.admin ? {admin: true} : {}),
        ...definedOnly({groups: unlessEmpty(options.groups)}),
      })
    },
    passwords: ({users: there, auth}) => {
      if (given.size > 0) requirePasswords({auth})
      return new Map([...given].filter(([name]) => !there.has(name)))
    },
    dryRun: options.dryRun,
  })
  const users = names.map((name): AddedUser => {
    const password = passwords[name]
    return {
      name,
      account: accountName(name),
      ...standing(name, before.users.get(name), {...options, hasPassword: given.has(name)}),
      ...definedOnly({password}),
    }
  })
  const {addresses} = await hub.engine.platform.status(hub.spec)
  return {outcome, users, changes, url: usableUrl(addresses), addresses}
}

function standing(
  name: string,
  there: UserSpec | undefined,
  asked: Pick<UserAddOptions, 'admin' | 'groups'> & {readonly hasPassword: boolean},
): Pick<AddedUser, 'state' | 'notDone'> {
  if (there === undefined) return {state: 'added'}
  const flags = [
    ...(asked.admin && !there.admin ? ['--admin'] : []),
    ...asked.groups
      .map(normaliseGroupName)
      .filter((group) => !there.groups.includes(group))
      .map((group) => `--group ${group}`),
  ]
  const word = shellWord(name)
  const notDone = [
    ...(flags.length === 0 ? [] : [`jhub user set ${word} ${flags.join(' ')}`]),
    ...(asked.hasPassword ? [`jhub user password ${word} --password-file FILE`] : []),
  ]
  return {state: 'already there', ...definedOnly({notDone: unlessEmpty(notDone)})}
}
