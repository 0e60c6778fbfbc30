import {usableUrl, type HubAddresses} from '../../jupyterhub/hub-addresses.js'
import {JhubError} from '../../errors.js'
import type {HubApi} from '../../jupyterhub/hub-api.js'
import {normaliseUserName} from '../../hub-spec/people/user-name.js'
import {claimHub} from '../session/ownership/claim-hub.js'
import type {HubContext} from '../session/hub-context.js'
import {forgetPasswords} from '../session/people/generated-passwords.js'
import {givePasswords} from '../session/people/give-passwords.js'
import {openHub} from '../session/open-hub.js'
import {requirePasswords} from '../session/people/require-passwords.js'
import {withLock} from '../session/with-lock.js'

export interface UserPasswordResult {
  readonly name: string
  /** The new password, when it was made here. */
  readonly password: string | null
  /** For this computer; `null` where it can be reached by `jhub open` only. */
  readonly url: string | null
  readonly addresses: HubAddresses
  /**
   * What became of their server. Logins at the hub have ended in any case; a server keeps its own, and its kernels, until it
   * stops.
   */
  readonly server: 'not running' | 'stopped' | 'runs on'
}

/**
 * Gives a person a new password, at once; the old one and open logins end, and their server where `mayStop` agrees. Without a
 * given password, makes one.
 */
export async function userPassword(
  context: HubContext,
  text: string,
  given: string | undefined,
  mayStop: (name: string) => Promise<boolean> = () => Promise.resolve(true),
): Promise<UserPasswordResult> {
  return withLock(context, async () => {
    const hub = await openHub(context)
    requirePasswords(hub.spec)
    await claimHub(context, hub)
    const api = await hub.requireApi()
    const name = normaliseUserName(text)
    const user = await api.user(name)
    if (user === undefined) {
      throw new JhubError('JHUB-E302', `The hub has no user ${name}`, {
        fix: [`jhub user add ${name}`, 'jhub user list'],
      })
    }
    const isStopped = user.server !== undefined && (await mayStop(name))
    const made = given === undefined ? await givePasswords(context, hub.spec.name, api, [name]) : undefined
    if (given !== undefined) {
      // The hub does not say whether a chosen password holds: that would help whoever guesses.
      await api.setPasswords(new Map([[name, given]]), false)
      await forgetPasswords(context, hub.spec.name, (login) => login !== name)
    }
    // Looked for again: it may have been started meanwhile, by whoever had the old password.
    const server = isStopped || user.server === undefined ? await stopServer(context, api, name) : 'runs on'
    const {addresses} = await hub.engine.platform.status(hub.spec)
    return {name, password: made?.get(name) ?? null, url: usableUrl(addresses), addresses, server}
  })
}

/** A server that does not stop is told and does not lose the new password. */
async function stopServer(context: HubContext, api: HubApi, name: string): Promise<UserPasswordResult['server']> {
  if ((await api.user(name))?.server === undefined) return 'not running'
  try {
    await api.stopServer(name)
    return 'stopped'
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    context.onEvent({type: 'warning', text: error.message})
    return 'runs on'
  }
}
