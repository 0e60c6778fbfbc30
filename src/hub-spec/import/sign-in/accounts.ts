import {isKeptApart} from '../../auth/kept-apart.js'
import type {Keys} from '../take-keys.js'
import {filled, isFalse, isTrue, narrows, text, texts, type ClassTraits} from './class-traits.js'
import {issuerOf} from './issuer-of.js'

/** GitHub, also a server of one's own. Of `organization:team`, the team is a group. */
export function readGithub(traits: ClassTraits): Keys {
  const places = texts(traits.take('allowed_organizations'))
  return {
    method: 'github',
    ...client(traits),
    ...filled({url: other(text(traits.take('github_url')), 'https://github.com')}),
    ...rules(traits, {
      organizations: places.filter((place) => !place.includes(':')),
      groups: places.filter((place) => place.includes(':')),
    }),
  }
}

/** Google. `hosted_domain` narrows who may be allowed and allows nobody; with one domain, names lose it. */
export function readGoogle(traits: ClassTraits): Keys {
  const hosted = texts(traits.take('hosted_domain'))
  const domains = [...new Set(hosted.map((domain) => domain.toLowerCase()))]
  const isCut = !isFalse(traits.take('strip_domain'))
  const isOpen = isTrue(traits.take('allow_all'))
  if (domains.length > 0 && !isOpen)
    traits.note(
      'hosted_domain',
      `lets nobody in without allow_all: only people under users can sign in. auth.allow: {domains: [${domains.join(', ')}]} lets everybody of it in.`,
    )
  for (const trait of ['allowed_google_groups', 'admin_google_groups'])
    if (traits.take(trait) !== undefined) traits.note(trait, 'is left out: groups of Google are not known here.')
  return {
    method: 'google',
    ...client(traits),
    ...filled({stripDomain: isCut && hosted.length === 1 ? domains[0] : undefined}),
    ...rules(traits, isOpen ? (domains.length === 0 ? {everybody: true} : {domains}) : {}),
  }
}

/** GitLab, also a server of one's own. */
export function readGitlab(traits: ClassTraits): Keys {
  if (traits.take('allowed_project_ids') !== undefined)
    traits.note('allowed_project_ids', 'is left out: projects of GitLab are not known here.')
  return {
    method: 'gitlab',
    ...client(traits),
    ...filled({issuer: other(text(traits.take('gitlab_url')), 'https://gitlab.com')}),
    ...rules(traits, {groups: texts(traits.take('allowed_gitlab_groups'))}),
  }
}

/** A tenant of Microsoft Entra. */
export function readMicrosoft(traits: ClassTraits): Keys {
  const claim = text(traits.take('username_claim')) ?? 'name'
  if (claim !== 'preferred_username')
    traits.note(
      'username_claim',
      `was ${claim}: names are preferred_username here, as ana@uni.example. Name people so; homes stay with their old names.`,
    )
  return {
    method: 'microsoft',
    ...client(traits),
    ...filled({tenant: text(traits.take('tenant_id'))}),
    ...rules(traits, {}),
  }
}

/** Auth0 is an OpenID provider, one address for each customer. */
export function readAuth0(traits: ClassTraits): Keys {
  const name = text(traits.take('auth0_subdomain'))
  const domain = text(traits.take('auth0_domain')) ?? (name === undefined ? undefined : `${name}.auth0.com`)
  return {
    method: 'oidc',
    ...filled({issuer: domain === undefined ? undefined : `https://${domain}/`}),
    ...client(traits),
    ...claims(traits, 'email'),
    ...rules(traits, {}),
  }
}

/** Any provider by its pages. Where it is no OpenID provider, `jhub auth check` says so. */
export function readGeneric(traits: ClassTraits): Keys {
  const page = text(traits.take('authorize_url'))
  const found = page === undefined ? undefined : issuerOf(page)
  const isPlain = found !== undefined && !isKeptApart(new URL(found))
  const issuer = isPlain ? undefined : found
  if (isPlain) traits.note('authorize_url', 'is by plain HTTP, where others can pretend to be the provider: left out.')
  if (issuer !== undefined)
    traits.note('authorize_url', `is read as the issuer ${issuer}: \`jhub auth check\` says whether that is right.`)
  for (const trait of ['validate_server_cert', 'tls_verify'])
    if (isFalse(traits.take(trait)))
      traits.note(trait, "is left out: the provider's certificate is always checked. auth.ca names its authority.")
  if (traits.take('token_url') !== undefined)
    traits.note('token_url', 'is left out: the issuer itself says where that is.')
  if (traits.take('userdata_url') !== undefined)
    traits.note('userdata_url', 'is left out: names and groups of people are what the issuer says of them.')
  return {
    method: 'oidc',
    ...filled({issuer}),
    ...client(traits),
    ...claims(traits, 'username'),
    ...rules(traits, {domains: texts(traits.take('allowed_domains'))}),
  }
}

/** What every class of oauthenticator has. The secret is asked for elsewhere. */
export function client(traits: ClassTraits): Keys {
  const label = text(traits.take('login_service'))
  const callback = text(traits.take('oauth_callback_url'))
  traits.take('client_secret')
  tellLost(traits, {
    enable_auth_state:
      'is left out: the hub keeps nothing of what the provider says, so code that reads auth_state finds none.',
    auto_login: 'is left out: people press a button on the login page.',
  })
  if (callback !== undefined)
    traits.note(
      'oauth_callback_url',
      'is left out: it follows from the address of the hub. `jhub auth show` says what to register at the provider.',
    )
  return filled({clientId: text(traits.take('client_id')), label: label?.slice(0, 40)})
}

/** Takes switches away, and says what is lost by each that was on. */
function tellLost(traits: ClassTraits, sentences: Readonly<Record<string, string>>): void {
  for (const [trait, sentence] of Object.entries(sentences))
    if (isTrue(traits.take(trait))) traits.note(trait, sentence)
}

/** Which claims are a person's name and groups. */
function claims(traits: ClassTraits, usual: string): Keys {
  const [name, old] = [text(traits.take('username_claim')), text(traits.take('username_key'))]
  const scopes = texts(traits.take('scope'))
  const path = text(traits.take('auth_state_groups_key'))?.replace(/^oauth_user\./, '')
  const groups = text(traits.take('claim_groups_key')) ?? path
  return filled({
    scopes: scopes.length === 0 || scopes.includes('openid') ? scopes : ['openid', ...scopes],
    usernameClaim: name ?? old ?? usual,
    groupsClaim: other(groups, 'groups'),
  })
}

interface Ways {
  readonly everybody?: true
  readonly domains?: readonly string[]
  readonly groups?: readonly string[]
  readonly organizations?: readonly string[]
}

/** Who is let in besides those who are named. Everybody is everybody: the other ways say nothing then. */
export function rules(traits: ClassTraits, {everybody, domains = [], groups = [], organizations = []}: Ways): Keys {
  const theirs = [...groups, ...texts(traits.take('allowed_groups'))]
  const isOpen = everybody === true || isTrue(traits.take('allow_all'))
  const adminGroups = texts(traits.take('admin_groups'))
  tellLost(traits, {manage_groups: 'is left out: only the groups that auth.groups maps follow the provider.'})
  if (narrows(traits, ['username_pattern'])) return {}
  return filled({
    allow: isOpen ? {everybody: true} : filled({domains, groups: theirs, organizations}),
    adminGroups,
  })
}

/** What is not said, as it goes without saying. */
function other(value: string | undefined, usual: string): string | undefined {
  return value?.replace(/\/+$/, '') === usual ? undefined : value
}
