import type {AuthMethod} from '../../hub-spec/auth/auth-document.js'
import {secretNeeded, secretPurpose} from '../../hub-spec/auth/auth-spec.js'
import {whoMaySignIn} from '../../hub-spec/auth/describe-auth.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {callbackAddresses, type CallbackAddress} from './sign-in-addresses.js'

export interface AuthShowResult {
  readonly method: AuthMethod
  readonly provider: {readonly label: string; readonly issuer: string; readonly clientId: string | null} | null
  /** Whether the secret is there that the method needs; `null` where it needs none. */
  readonly hasSecret: boolean | null
  /** One sentence each; nobody else can sign in. */
  readonly who: readonly string[]
  /** People under "users". */
  readonly count: number
  /** Names that were removed, and stay out whatever the rules say; `null` while the hub cannot be asked. */
  readonly removed: readonly string[] | null
  readonly callbacks: readonly CallbackAddress[]
}

/** How people sign in and who can, in words. Only looks. */
export async function authShow(context: HubContext): Promise<AuthShowResult> {
  const hub = await openHub(context)
  const {auth, users} = hub.spec
  const {provider} = auth
  const [status, secret, api] = await Promise.all([
    hub.engine.platform.status(hub.spec),
    hub.engine.signIn.secret(),
    hub.connect(),
  ])
  const seen = (await api?.isReady()) === true ? await api?.signIn() : undefined
  return {
    method: auth.method,
    provider:
      provider === undefined
        ? null
        : {
            label: provider.label,
            issuer: provider.family === 'ldap' ? provider.server : provider.issuer,
            clientId: provider.family === 'ldap' ? null : provider.clientId,
          },
    hasSecret: secretNeeded(auth) === undefined ? null : secret?.purpose === secretPurpose(auth),
    who: whoMaySignIn(hub.spec),
    count: users.size,
    removed: seen?.removed ?? null,
    callbacks: callbackAddresses(auth, status.addresses),
  }
}
