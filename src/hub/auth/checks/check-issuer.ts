import {definedOnly} from '../../../defined-only.js'
import type {Finding} from '../../../findings/finding.js'
import {readAuthority} from '../../../jupyterhub/tls/sign-in-authority.js'
import {reasonOf} from './reason-of.js'
import {readJson, type JsonAnswer} from '../../../host/network/read-json.js'
import type {AccountsSpec} from '../../../hub-spec/auth/auth-provider.js'
import type {HubContext} from '../../session/hub-context.js'
import {checkClock} from './check-clock.js'

/** Whether an OpenID provider describes itself as `auth.issuer` says, at a time near ours. */
export async function checkIssuer(context: HubContext, provider: AccountsSpec): Promise<readonly Finding[]> {
  const {issuer} = provider
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`
  const authority = await readAuthority(context.host.files, {provider})
  try {
    const answer = await readJson(url, {signal: context.signal, ...definedOnly({ca: authority})})
    return [...checkDescription(answer, issuer), ...checkClock(answer, context.host.clock.now())]
  } catch (error) {
    if (context.signal.aborted) throw error
    return [
      {
        check: 'issuer',
        state: 'problem',
        found: `${issuer} does not answer: ${reasonOf(error)}`,
        needed: 'an answer, with a certificate that is trusted',
        fix: 'Check auth.issuer, and auth.ca if a private authority issued its certificate: jhub config edit',
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
    return problem(`${issuer} calls itself ${String(said.get('issuer'))}`, 'exactly what auth.issuer says')
  const missing = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'].filter(
    (key) => typeof said.get(key) !== 'string',
  )
  if (missing.length > 0) return problem(`${issuer} does not say its ${missing.join(', ')}`, 'all of them')
  return [{check: 'issuer', state: 'ok', found: `${issuer} describes itself`}]
}
