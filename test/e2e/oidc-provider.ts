import Provider from 'oidc-provider'
import type {Browser, Page} from './browser.js'
import {serve, type ServedPlace} from './serve.js'

/** A real OpenID provider; any name signs in there, as itself. */
export interface OidcProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Claims besides `sub` and `preferred_username`, by account. */
  readonly claims: Map<string, Readonly<Record<string, unknown>>>
  stop(): Promise<void>
}

/** At the loopback address, or at a `place` by https. */
export async function startOidcProvider(callback: string, place?: ServedPlace): Promise<OidcProvider> {
  const clientId = 'hub'
  const clientSecret = 'a client secret/+ of a provider'
  const claims = new Map<string, Readonly<Record<string, unknown>>>()
  const served = await serve((issuer) => {
    const provider = new Provider(issuer, {
      clients: [{client_id: clientId, client_secret: clientSecret, redirect_uris: [callback]}],
      claims: {
        openid: ['sub'],
        profile: ['preferred_username', 'nickname', 'groups'],
        email: ['email', 'email_verified'],
      },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({sub: id, preferred_username: id, ...claims.get(id)}),
      }),
    })
    return provider.callback()
  }, place)
  return {issuer: served.url, clientId, clientSecret, claims, stop: served.stop}
}

/** Signs in at the provider by its own pages, as a person does; gives the page where that ended. `start` leads there. */
export async function signInAtProvider(
  browser: Browser,
  name: string,
  start = '/hub/oauth_login?next=%2Fhub%2Fhome',
): Promise<Page> {
  let page = await browser.get(start)
  for (let pages = 0; pages < 3; pages++) {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1]
    if (action === undefined || !page.url.includes('/interaction/')) break
    const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1] ?? ''
    page = await browser.post(action, prompt === 'login' ? {prompt, login: name, password: 'any'} : {prompt})
  }
  return page
}
