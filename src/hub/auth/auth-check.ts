import type {Finding} from '../../findings/finding.js'
import {signInFindings} from '../../findings/sign-in-findings.js'
import {readAuthority} from '../../jupyterhub/tls/sign-in-authority.js'
import {secretPurpose, type AuthSpec} from '../../hub-spec/auth/auth-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {checkDirectory} from './checks/check-directory.js'
import {checkIssuer} from './checks/check-issuer.js'
import {checkPlatform} from './checks/check-platform.js'
import {callbackAddresses, type CallbackAddress} from './sign-in-addresses.js'

export interface AuthCheckResult {
  /** What people call the provider: the method, where there is none. */
  readonly provider: string
  readonly findings: readonly Finding[]
  /** To be registered at the provider. */
  readonly callbacks: readonly CallbackAddress[]
}

/** Asks the provider or the directory, from this computer, whether people could sign in with it. Changes nothing. */
export async function authCheck(context: HubContext): Promise<AuthCheckResult> {
  const hub = await openHub(context)
  const {auth} = hub.spec
  const {addresses} = await hub.engine.platform.status(hub.spec)
  const callbacks = callbackAddresses(auth, addresses)
  const secret = await hub.engine.signIn.secret()
  return {
    provider: auth.provider?.label ?? auth.method,
    findings: [
      ...signInFindings(auth, secret),
      ...(await checkProvider(context, auth, secret?.purpose === secretPurpose(auth) ? secret.value : undefined)),
      ...callbacks.flatMap(({url, trouble}): Finding[] =>
        trouble === undefined ? [] : [{check: 'callback', state: 'warning', found: `${url}: ${trouble}`}],
      ),
    ],
    callbacks,
  }
}

async function checkProvider(context: HubContext, auth: AuthSpec, secret: string | undefined) {
  const {provider} = auth
  if (provider?.family === 'oidc') return checkIssuer(context, provider)
  if (provider?.family === 'lti') return checkPlatform(context, provider)
  if (provider?.family !== 'ldap') return []
  return checkDirectory({
    directory: provider,
    authority: await readAuthority(context.host.files, auth),
    secret,
    groups: [...new Set([...auth.allow.groups, ...auth.adminGroups, ...auth.groups.keys()])],
  })
}
