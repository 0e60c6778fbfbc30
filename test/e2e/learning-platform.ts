import {generateKeyPairSync, sign} from 'node:crypto'
import {serve} from './serve.js'
import type {Browser, Page} from './browser.js'

const claimsOf = 'https://purl.imsglobal.org/spec/lti/claim/'
const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership#'

/** Whoever opens the hub from a course, with the roles that they have in it. */
export interface CourseMember {
  readonly sub: string
  readonly email: string
  readonly roles: readonly string[]
}

/** Stands in for a learning platform, as LTI 1.3 has it. */
export interface LearningPlatform {
  readonly issuer: string
  readonly clientId: string
  readonly authorizeUrl: string
  readonly keysUrl: string
  /** Opens the hub from a course, as a browser does; gives the page where that ends. */
  launch(browser: Browser, member: CourseMember): Promise<Page>
  stop(): Promise<void>
}

/** For a hub at this address. */
export async function startLearningPlatform(hub: string): Promise<LearningPlatform> {
  const {privateKey, publicKey} = generateKeyPairSync('rsa', {modulusLength: 2048})
  const clientId = 'vN4q0pXbqJ3kT8e'
  const key = {...publicKey.export({format: 'jwk'}), kid: 'one', use: 'sig', alg: 'RS256'}
  const members = new Map<string, CourseMember>()

  const signed = (claims: object): string => {
    const parts = [{alg: 'RS256', kid: 'one', typ: 'JWT'}, claims]
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
  }

  /** The page by which the platform sends somebody back, whom the hub's question names. */
  const sendBack = (issuer: string, asked: URLSearchParams): string => {
    const member = members.get(asked.get('login_hint') ?? '')
    if (member === undefined || asked.get('client_id') !== clientId) return 'Nobody is signed in.'
    const seconds = Math.floor(Date.now() / 1000)
    const token = signed({
      iss: issuer,
      aud: clientId,
      iat: seconds,
      exp: seconds + 300,
      nonce: asked.get('nonce'),
      sub: member.sub,
      email: member.email,
      [`${claimsOf}message_type`]: 'LtiResourceLinkRequest',
      [`${claimsOf}version`]: '1.3.0',
      [`${claimsOf}deployment_id`]: '1',
      [`${claimsOf}target_link_uri`]: `${hub}/hub/home`,
      [`${claimsOf}resource_link`]: {id: '3'},
      [`${claimsOf}roles`]: member.roles.map((role) => `${membership}${role}`),
    })
    const fields = {state: asked.get('state') ?? '', id_token: token}
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`)
    return `<form method="post" action="${asked.get('redirect_uri') ?? ''}">${inputs.join('')}</form>`
  }

  const served = await serve((issuer) => (request, response) => {
    const {pathname, searchParams} = new URL(request.url ?? '/', issuer)
    if (pathname === '/keys') response.end(JSON.stringify({keys: [key]}))
    else response.setHeader('content-type', 'text/html').end(sendBack(issuer, searchParams))
  })
  return {
    issuer: served.url,
    clientId,
    authorizeUrl: `${served.url}/auth`,
    keysUrl: `${served.url}/keys`,
    async launch(browser, member) {
      members.set(member.sub, member)
      const {text} = await browser.post('/hub/lti13/oauth_login', {
        iss: served.url,
        login_hint: member.sub,
        client_id: clientId,
        lti_deployment_id: '1',
        target_link_uri: `${hub}/hub/home`,
      })
      const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
      const action = /action="([^"]+)"/.exec(text)?.[1] ?? '/hub/'
      return browser.post(action, {state: field('state'), id_token: field('id_token')})
    },
    stop: served.stop,
  }
}
