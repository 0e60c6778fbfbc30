import type {HubUser} from '../../jupyterhub/hub-model.js'
import {sortNames} from '../../hub-spec/people/sort-names.js'
import {accountName} from '../../hub-spec/people/user-name.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'

export interface ListedUser {
  readonly name: string
  /** What the spec says that they are called, and their address; `null` where it does not. */
  readonly displayName: string | null
  readonly email: string | null
  readonly account: string
  readonly admin: boolean
  readonly groups: readonly string[]
  readonly server: 'running' | 'starting' | 'stopping' | 'stopped' | 'unknown'
  readonly lastActivity: string | null
  /** `spec`: only wanted so far; `hub`: the hub has it and the spec does not. */
  readonly in: 'both' | 'spec' | 'hub'
}

export interface UserListResult {
  readonly running: boolean
  readonly users: readonly ListedUser[]
}

/** People in the spec and on the hub. While the hub is not running, only those in the spec. */
export async function userList(context: HubContext): Promise<UserListResult> {
  const hub = await openHub(context)
  const api = await hub.connect()
  const seen = new Map((await api?.users())?.map((user) => [user.name, user]) ?? [])
  const names = sortNames(new Set([...hub.spec.users.keys(), ...seen.keys()]))
  const users = names.map((name): ListedUser => {
    const [wanted, found] = [hub.spec.users.get(name), seen.get(name)]
    return {
      name,
      displayName: wanted?.name ?? null,
      email: wanted?.email ?? null,
      account: accountName(name),
      admin: found?.admin ?? wanted?.admin ?? false,
      groups: found?.groups ?? wanted?.groups ?? [],
      server: api === undefined ? 'unknown' : serverState(found?.server),
      lastActivity: found?.lastActivity ?? null,
      in: wanted === undefined ? 'hub' : found === undefined ? 'spec' : 'both',
    }
  })
  return {running: api !== undefined, users}
}

export function serverState(server: HubUser['server']): 'running' | 'starting' | 'stopping' | 'stopped' {
  if (server === undefined) return 'stopped'
  if (server.pending === 'stop') return 'stopping'
  return server.ready ? 'running' : 'starting'
}
