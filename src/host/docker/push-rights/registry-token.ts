import type {RegistryLogin} from '../docker-login.js'
import {isLoopback} from '../registry-host.js'
import {objectOf, type Answer, type Ask} from './ask-registry.js'

export interface Challenged {
  readonly ask: Ask
  readonly origin: string
  readonly name: string
  readonly login: RegistryLogin | undefined
}

/** What to authorize a request with; the answer of who gives no token. */
export async function answerTo(
  challenge: string,
  {ask, origin, name, login}: Challenged,
): Promise<string | Answer | undefined> {
  const basic = basicOf(login)
  if (/^basic\b/i.test(challenge)) return basic
  const {realm, service = ''} = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value] as const),
  )
  if (realm === undefined || !isAsSafe(realm, origin)) throw new Error(`no token from ${realm ?? 'nowhere'}`)
  const query = new URLSearchParams({service, scope: `repository:${name}:pull,push`})
  const {identitytoken} = login ?? {}
  const renewal = {grant_type: 'refresh_token', client_id: 'jhub', refresh_token: identitytoken ?? ''}
  const answer =
    identitytoken === undefined
      ? await ask(`${realm}?${query.toString()}`, 'GET', basic)
      : await ask(realm, 'POST', undefined, new URLSearchParams([...query, ...Object.entries(renewal)]))
  const {token, access_token: other} = objectOf(answer.body)
  const given = token ?? other
  return typeof given === 'string' ? `Bearer ${given}` : answer
}

/** No password goes over HTTP, but to this computer. */
function isAsSafe(realm: string, origin: string): boolean {
  return realm.startsWith('https://') || (origin.startsWith('http://') && isLoopback(new URL(realm).host))
}

function basicOf(login: RegistryLogin | undefined): string | undefined {
  if (login?.username === undefined || login.password === undefined) return undefined
  return `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
}
