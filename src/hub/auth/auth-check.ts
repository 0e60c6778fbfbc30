import type {Finding} from '../../engines/engine.js'
import {secretFindings} from '../../engines/secret-finding.js'
import {readAuthority} from '../../engines/sign-in-authority.js'
import {messageOf} from '../../errors.js'
import {readJson, type JsonAnswer} from '../../host/read-json.js'
import type {AccountsSpec} from '../../hub-spec/auth-provider.js'
import {secretPurpose, type AuthSpec} from '../../hub-spec/auth-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {checkDirectory} from './check-directory.js'
import {callbackAddresses, type CallbackAddress} from './sign-in-addresses.js'

export interface AuthCheckResult {
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
    findings: [
      ...secretFindings(auth, secret),
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
  if (provider?.family !== 'ldap') return []
  return checkDirectory({directory: provider, authority: await readAuthority(context.host.files, auth), secret})
}

/** Beyond this, tokens are taken for expired or not yet valid. */
const clockMs = 60_000

async function checkIssuer(context: HubContext, provider: AccountsSpec): Promise<readonly Finding[]> {
  const {issuer} = provider
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`
  const authority = await readAuthority(context.host.files, {provider})
  try {
    const answer = await readJson(url, {signal: context.signal, ...(authority === undefined ? {} : {ca: authority})})
    return [...checkDescription(answer, issuer), ...checkClock(answer, context.host.clock.now())]
  } catch (error) {
    if (context.signal.aborted) throw error
    return [
      {
        check: 'issuer',
        state: 'problem',
        found: `${issuer} does not answer: ${reasonOf(error)}`,
        needed: 'an answer, with a certificate that is known',
        fix: 'Check auth.issuer, and auth.ca where its certificate is of a private authority: jhub config edit',
      },
    ]
  }
}

function checkDescription({status, body}: JsonAnswer, issuer: string): readonly Finding[] {
  const problem = (found: string, needed: string): readonly Finding[] => [
    {check: 'issuer', state: 'problem', found, needed, fix: 'jhub config edit   # auth.issuer'},
  ]
  if (status !== 200 || typeof body !== 'object' || body === null)
    return problem(
      `${issuer} answers ${String(status)} and does not describe itself`,
      'the address of an OpenID provider',
    )
  const said = new Map<string, unknown>(Object.entries(body))
  if (said.get('issuer') !== issuer)
    return problem(`${issuer} calls itself ${String(said.get('issuer'))}`, 'the same, letter by letter, as auth.issuer')
  const missing = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'].filter(
    (key) => typeof said.get(key) !== 'string',
  )
  if (missing.length > 0) return problem(`${issuer} does not say its ${missing.join(', ')}`, 'all of them')
  return [{check: 'issuer', state: 'ok', found: `${issuer} describes itself`}]
}

function checkClock({clockMs: theirs}: JsonAnswer, now: number): readonly Finding[] {
  const apart = theirs === undefined ? 0 : Math.abs(theirs - now)
  if (apart <= clockMs) return []
  return [
    {
      check: 'clock',
      state: 'problem',
      found: `the clocks of this computer and of the provider are ${String(Math.round(apart / 1000))} seconds apart`,
      needed: 'less than a minute',
      fix: 'timedatectl set-ntp true',
    },
  ]
}

/** What `fetch` failed of stands in the cause. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
}
