import type {LimitsInForce} from '../../engines/engine.js'
import {resolveLimits, type ResolvedLimits} from '../../hub-spec/limits/resolve-limits.js'
import {accountName} from '../../hub-spec/people/user-name.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {requireUser} from '../session/people/require-user.js'
import {serverState} from './user-list.js'

export interface UserShowResult {
  readonly name: string
  /** What the spec says that they are called, and their address; `null` where it does not. */
  readonly displayName: string | null
  readonly email: string | null
  readonly account: string
  readonly admin: boolean
  readonly groups: readonly string[]
  readonly limits: ResolvedLimits
  readonly server: {readonly state: string; readonly url: string | null; readonly inForce: LimitsInForce | null}
  readonly lastActivity: string | null
}

/** Everything about one person: the hub's word where it runs, else the spec's. */
export async function userShow(context: HubContext, text: string): Promise<UserShowResult> {
  const hub = await openHub(context)
  const {name, user} = requireUser(hub.spec, text)
  const api = await hub.connect()
  const seen = await api?.user(name)
  return {
    name,
    displayName: user.name ?? null,
    email: user.email ?? null,
    account: accountName(name),
    admin: seen?.admin ?? user.admin,
    groups: seen?.groups ?? user.groups,
    limits: resolveLimits(hub.spec, name),
    server: {
      state: api === undefined ? 'unknown' : serverState(seen?.server),
      url: seen?.server?.url ?? null,
      inForce: seen?.server?.ready === true ? await hub.engine.servers.limitsInForce(seen.server) : null,
    },
    lastActivity: seen?.lastActivity ?? null,
  }
}
