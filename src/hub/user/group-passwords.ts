import {usableUrl, type HubAddresses} from '../../jupyterhub/hub-addresses.js'
import {JhubError} from '../../errors.js'
import {claimHub} from '../session/ownership/claim-hub.js'
import type {HubContext} from '../session/hub-context.js'
import {givePasswords} from '../session/people/give-passwords.js'
import {membersOf} from '../session/people/members-of.js'
import {requirePasswords} from '../session/people/require-passwords.js'
import {openHub} from '../session/open-hub.js'
import {withLock} from '../session/with-lock.js'

export interface GroupPasswordsResult {
  /** The new passwords, by login. */
  readonly passwords: Readonly<Record<string, string>>
  /** Whose server was stopped, and whose runs on with the pages that are open. */
  readonly stopped: readonly string[]
  readonly running: readonly string[]
  /** For this computer; `null` where it can be reached by `jhub open` only. */
  readonly url: string | null
  readonly addresses: HubAddresses
}

/**
 * Gives each member of a group a new password, at once; old ones and open logins end, and servers where `decide` says so.
 * Throws `JHUB-E100`, `JHUB-E204`, `JHUB-E302`, and `JHUB-E210` where a new password does not hold.
 */
export async function groupPasswords(
  context: HubContext,
  group: string,
  decide: (members: readonly string[], running: readonly string[]) => Promise<{readonly stop: boolean}>,
): Promise<GroupPasswordsResult> {
  return withLock(context, async () => {
    const hub = await openHub(context)
    requirePasswords(hub.spec)
    await claimHub(context, hub)
    const api = await hub.requireApi()
    const there = new Map((await api.users()).map((user) => [user.name, user]))
    const members = membersOf(hub.spec, group)
      .map(([login]) => login)
      .filter((login) => there.has(login))
    if (members.length === 0)
      throw new JhubError('JHUB-E302', `Nobody in the group ${group} is on the hub yet`, {fix: 'jhub up'})
    const withServer = members.filter((login) => there.get(login)?.server !== undefined)
    const {stop} = await decide(members, withServer)
    const passwords = await givePasswords(context, hub.spec.name, api, members)
    const ended = await Promise.allSettled((stop ? withServer : []).map((login) => api.stopServer(login)))
    const running = withServer.filter((_, index) => ended[index]?.status !== 'fulfilled')
    const {addresses} = await hub.engine.platform.status(hub.spec)
    return {
      passwords: Object.fromEntries(passwords),
      stopped: withServer.filter((login) => !running.includes(login)),
      running,
      url: usableUrl(addresses),
      addresses,
    }
  })
}
