import {definedOnly} from '../../../defined-only.js'
import type {Finding} from '../../../findings/finding.js'
import {readAuthority} from '../../../jupyterhub/tls/sign-in-authority.js'
import {isRecord} from '../../../hub-spec/document/is-record.js'
import {readJson} from '../../../host/network/read-json.js'
import type {PlatformSpec} from '../../../hub-spec/auth/auth-provider.js'
import type {HubContext} from '../../session/hub-context.js'
import {checkClock} from './check-clock.js'
import {reasonOf} from './reason-of.js'

/** Whether a learning platform shows the keys by which its launches are signed, at a time near ours. */
export async function checkPlatform(context: HubContext, provider: PlatformSpec): Promise<readonly Finding[]> {
  const {keysUrl} = provider
  const problem = (found: string): Finding => ({
    check: 'platform',
    state: 'problem',
    found,
    needed: 'the keys of the platform, with a certificate that is trusted',
    fix: 'jhub config edit   # auth.keysUrl, as the platform says it',
  })
  const authority = await readAuthority(context.host.files, {provider})
  try {
    const answer = await readJson(keysUrl, {
      signal: context.signal,
      ...definedOnly({ca: authority}),
    })
    const keys: unknown = isRecord(answer.body) ? answer.body['keys'] : undefined
    if (answer.status !== 200 || !Array.isArray(keys) || keys.length === 0)
      return [problem(`${keysUrl} answers ${String(answer.status)} and shows no keys`)]
    return [
      {check: 'platform', state: 'ok', found: `${keysUrl} shows ${String(keys.length)} keys`},
      ...checkClock(answer, context.host.clock.now()),
    ]
  } catch (error) {
    if (context.signal.aborted) throw error
    return [problem(`${keysUrl} does not answer: ${reasonOf(error)}`)]
  }
}
