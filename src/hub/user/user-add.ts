import {usableUrl, type HubAddresses} from '../../engines/hub-addresses.js'
import {addUsers} from '../../hub-spec/edit/edit-users.js'
import {accountName, normaliseUserName} from '../../hub-spec/user-name.js'
import {changeSpec, type SpecChangeResult} from '../session/change-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {loadSpec} from '../session/spec-store.js'

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
  readonly password?: string
}

export interface UserAddResult {
  readonly outcome: SpecChangeResult['outcome']
  readonly users: readonly AddedUser[]
  readonly changes: SpecChangeResult['changes']
  /** For this computer; `null` where only `jhub open` leads to it. */
  readonly url: string | null
  readonly addresses: HubAddresses
}

/** Adds people; those who are there already keep what they have. */
export async function userAdd(context: HubContext, options: UserAddOptions): Promise<UserAddResult> {
  const names = [...new Set(options.names.map(normaliseUserName))]
  const before = (await loadSpec(context)).spec.users
  const {hub, outcome, changes, passwords} = await changeSpec(context, {
    edit: (source) =>
      addUsers(source, names, {
        ...(options.admin ? {admin: true} : {}),
        ...(options.groups.length === 0 ? {} : {groups: options.groups}),
      }),
    passwords: new Map([...options.passwords].map(([name, password]) => [normaliseUserName(name), password])),
    dryRun: options.dryRun,
  })
  const users = names.map((name): AddedUser => {
    const password = passwords[name]
    return {
      name,
      account: accountName(name),
      state: before.has(name) ? 'already there' : 'added',
      ...(password === undefined ? {} : {password}),
    }
  })
  const {addresses} = await hub.engine.status(hub.spec)
  return {outcome, users, changes, url: usableUrl(addresses), addresses}
}
