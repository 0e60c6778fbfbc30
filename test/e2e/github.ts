import {createHash, randomUUID} from 'node:crypto'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {text} from 'node:stream/consumers'
import {serve} from './serve.js'

/** Somebody at GitHub. */
export interface GithubAccount {
  readonly login: string
  readonly id: number
  readonly organizations?: readonly string[]
  /** As `organization:team`. */
  readonly teams?: readonly string[]
}

/** Stands in for a GitHub Enterprise Server: its OAuth pages and REST API, as GitHub documents them. */
export interface Github {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who is signed in there. */
  account: GithubAccount
  stop(): Promise<void>
}

export async function startGithub(): Promise<Github> {
  const client = {clientId: 'Iv1.8a61f9b3a7aba766', clientSecret: 'a secret of GitHub'}
  const codes = new Map<string, URLSearchParams>()
  const tokens = new Map<string, {readonly account: GithubAccount; readonly scope: string}>()
  const now: {account: GithubAccount} = {account: {login: 'nobody', id: 0}}

  const authorize = (asked: URLSearchParams, response: ServerResponse) => {
    const back = new URL(asked.get('redirect_uri') ?? '')
    const code = randomUUID()
    codes.set(code, asked)
    back.searchParams.set('code', code)
    back.searchParams.set('state', asked.get('state') ?? '')
    response.writeHead(302, {location: back.href}).end()
  }

  const exchange = (form: URLSearchParams): object => {
    const asked = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    if (form.get('client_id') !== client.clientId || form.get('client_secret') !== client.clientSecret)
      return {error: 'incorrect_client_credentials'}
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (asked?.get('client_id') !== client.clientId || asked.get('code_challenge') !== challenge)
      return {error: 'bad_verification_code'}
    const token = `gho_${randomUUID()}`
    const scope = asked.get('scope') ?? ''
    tokens.set(token, {account: now.account, scope})
    return {access_token: token, token_type: 'bearer', scope}
  }

  /** What the API says of whoever has a token; nothing where there is no such page. */
  const said = (page: string, token: string): unknown => {
    const found = tokens.get(token)
    if (found === undefined) return undefined
    const {account, scope} = found
    const {login, id, organizations = [], teams = []} = account
    if (page === '/user') return {login, id, email: null}
    if (!scope.includes('read:org')) return []
    if (page === '/user/orgs') return organizations.map((name) => ({login: name}))
    const parts = teams.map((team) => team.split(':'))
    return page === '/user/teams' ? parts.map(([of, slug]) => ({organization: {login: of}, slug})) : undefined
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const {pathname, searchParams} = new URL(request.url ?? '/', 'http://here')
    if (pathname === '/login/oauth/authorize') {
      authorize(searchParams, response)
      return
    }
    const token = /^(?:bearer|token) (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const body =
      pathname === '/login/oauth/access_token'
        ? exchange(new URLSearchParams(await text(request)))
        : said(pathname.replace(/^\/api\/v3/, ''), token)
    response
      .writeHead(body === undefined ? 401 : 200, {'content-type': 'application/json'})
      .end(JSON.stringify(body ?? {message: 'Bad credentials'}))
  }

  const served = await serve(() => answer)
  return Object.assign(now, client, served)
}
