import {usableUrl, type HubAddresses} from '../../engines/hub-addresses.js'
import {JhubError} from '../../errors.js'
import {generatePassword} from '../../jupyterhub/generate-password.js'
import {normaliseUserName} from '../../hub-spec/user-name.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {withLock} from '../session/with-lock.js'

export interface UserPasswordResult {
  readonly name: string
  /** The new password, when it was made here. */
  readonly password: string | null
  /** For this computer; `null` where only `jhub open` leads to it. */
  readonly url: string | null
  readonly addresses: HubAddresses
}

/** Gives a person a new password, at once; the old one and open logins end. Without a given one, makes one. */
export async function userPassword(
  context: HubContext,
  text: string,
  given: string | undefined,
): Promise<UserPasswordResult> {
  return withLock(context, async () => {
    const hub = await openHub(context)
    const api = await hub.requireApi()
    const name = normaliseUserName(text)
    if ((await api.user(name)) === undefined) {
      throw new JhubError('JHUB-E302', `The hub has no user ${name}`, {
        fix: [`jhub user add ${name}`, 'jhub user list'],
      })
    }
    const password = given ?? generatePassword()
    await api.setPassword(name, password, given === undefined)
    const {addresses} = await hub.engine.status(hub.spec)
    return {name, password: given === undefined ? password : null, url: usableUrl(addresses), addresses}
  })
}
