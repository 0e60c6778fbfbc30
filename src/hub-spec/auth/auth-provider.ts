import {definedOnly} from '../../defined-only.js'
import type {AuthDocument, AuthMethod} from './auth-document.js'

/** Who says who somebody is. */
export type ProviderSpec = AccountsSpec | DirectorySpec | PlatformSpec | ClassSpec

interface AnyProvider {
  /** Names are bound to it: the address of accounts without a slash at the end that was not given, the host of a directory. */
  readonly issuer: string
  /** What people call it. */
  readonly label: string
  /** Cut off names that end in it. */
  readonly stripDomain?: string
  /** PEM: by which the provider's certificate is known, where the system does not know it. */
  readonly ca?: string
}

/** Accounts of somebody else's, in a browser. */
export interface AccountsSpec extends AnyProvider {
  /** Which class of `assets/hub` speaks to it. */
  readonly family: 'oidc' | 'github'
  readonly clientId: string
  readonly scopes: readonly string[]
  /** The claim that is a person's name here. */
  readonly usernameClaim: string
  readonly groupsClaim: string
  /** The claim by which `allow.domains` goes; `email` counts only where it is verified. */
  readonly domainClaim: string
  /** Of CILogon: the institutions whose accounts count. */
  readonly identityProviders?: readonly string[]
}

/** A directory that knows people's passwords. */
export interface DirectorySpec extends AnyProvider {
  readonly family: 'ldap'
  /** Its address, as `ldaps://ldap.uni.example`. */
  readonly server: string
  /** How the entry of somebody is found: below `base`, looked for as `bindDn` (nobody, when absent); or by its name. */
  readonly base?: string
  readonly userAttribute: string
  readonly bindDn?: string
  /** With `{username}` in it. */
  readonly userDn?: string
}

/** A learning platform from which people open the hub, by LTI 1.3. */
export interface PlatformSpec extends AnyProvider {
  readonly family: 'lti'
  readonly clientId: string
  readonly authorizeUrl: string
  readonly keysUrl: string
  /** Absent: every deployment of the client counts. */
  readonly deployments?: readonly string[]
  /** The claim that is a person's name here; `custom_NAME` is a parameter that the platform's administrator adds. */
  readonly usernameClaim: string
}

/** Any authenticator of JupyterHub. */
export interface ClassSpec extends AnyProvider {
  readonly family: 'class'
  /** `module:Class`. */
  readonly class: string
  /** What its traits are set to. */
  readonly config: Readonly<Record<string, unknown>>
  /** The trait that is set to the secret; absent: it needs none. */
  readonly secretTrait?: string
  /** A file of packages with hashes, which the hub has besides its own. */
  readonly requirements?: string
}

/** The claim or attribute that is a person's name here, in lower case; of a class, what `toldTo` gives. */
export function namedBy(provider: ProviderSpec): string {
  if (provider.family === 'class') return toldTo(provider)
  if (provider.family !== 'ldap') return provider.usernameClaim.toLowerCase()
  return (provider.userDn?.replace(/=.*/s, '') ?? provider.userAttribute).toLowerCase()
}

/** A class with all that it is told, in any order of its traits: with another, it may say other names and ask somebody else. */
export function toldTo({class: name, config}: ClassSpec): string {
  const traits = Object.keys(config).toSorted()
  return [name, ...traits.map((trait) => `${trait}: ${JSON.stringify(config[trait])}`)].join(', ')
}

/** Whether the same accounts have other names with the one than with the other. */
export function isNamedOtherwise(one: ProviderSpec | undefined, other: ProviderSpec | undefined): boolean {
  if (one === undefined || other === undefined) return one !== other
  return namedBy(one) !== namedBy(other) || one.stripDomain !== other.stripDomain
}

/** What is fixed of each provider of accounts. */
const presets = {
  oidc: {label: undefined, usernameClaim: 'preferred_username', domainClaim: 'email'},
  google: {label: 'Google', usernameClaim: 'email', domainClaim: 'hd'},
  gitlab: {label: 'GitLab', usernameClaim: 'preferred_username', domainClaim: 'email'},
  microsoft: {label: 'Microsoft', usernameClaim: 'preferred_username', domainClaim: 'email'},
  cilogon: {label: 'CILogon', usernameClaim: 'eppn', domainClaim: 'email'},
  github: {label: 'GitHub', usernameClaim: 'login', domainClaim: 'email'},
} as const

type AccountsMethod = keyof typeof presets

/** Throws nothing: what is missing was complained of before. */
export function toProvider(
  method: Exclude<AuthMethod, 'password' | 'shared-password'>,
  document: AuthDocument,
): ProviderSpec {
  const {stripDomain, ca} = document
  const common = definedOnly({stripDomain: stripDomain?.toLowerCase(), ca})
  if (method === 'ldap') return {...toDirectory(document), ...common}
  if (method === 'class') return {...toClass(document), ...common}
  return method === 'lti' ? {...toPlatform(document), ...common} : {...toAccounts(method, document), ...common}
}

function toDirectory({server = '', label, base, userAttribute = 'uid', bindDn, userDn}: AuthDocument): DirectorySpec {
  const address = server.replace(/\/+$/, '').toLowerCase()
  return {
    family: 'ldap',
    server: address,
    // The same directory by another port, or with StartTLS, has the same people.
    issuer: new URL(address).hostname,
    label: label ?? address.replace(/^ldaps?:\/\//, ''),
    userAttribute,
    ...definedOnly({base, bindDn, userDn}),
  }
}

function toClass({class: name = '', config = {}, label, secretTrait, requirements}: AuthDocument): ClassSpec {
  return {
    family: 'class',
    issuer: name,
    class: name,
    config,
    label: label ?? name.replace(/^.*:/, ''),
    ...definedOnly({secretTrait, requirements}),
  }
}

function toPlatform({
  issuer = '',
  clientId = '',
  authorizeUrl = '',
  keysUrl = '',
  ...said
}: AuthDocument): PlatformSpec {
  return {
    family: 'lti',
    issuer,
    clientId,
    authorizeUrl,
    keysUrl,
    label: said.label ?? new URL(authorizeUrl).host,
    usernameClaim: said.usernameClaim ?? 'email',
    ...definedOnly({deployments: said.deployments}),
  }
}

function toAccounts(method: AccountsMethod, document: AuthDocument): AccountsSpec {
  const {label, usernameClaim, domainClaim} = presets[method]
  const issuer = issuerOf(method, document)
  return {
    family: method === 'github' ? 'github' : 'oidc',
    issuer,
    clientId: document.clientId ?? '',
    label: document.label ?? label ?? new URL(issuer).host,
    scopes: document.scopes ?? usualScopes(method, document),
    usernameClaim: document.usernameClaim ?? usernameClaim,
    groupsClaim: document.groupsClaim ?? (method === 'cilogon' ? 'isMemberOf' : 'groups'),
    domainClaim,
    ...definedOnly({identityProviders: document.identityProviders}),
  }
}

function issuerOf(method: AccountsMethod, {issuer, tenant, url}: AuthDocument): string {
  switch (method) {
    case 'google':
      return 'https://accounts.google.com'
    case 'microsoft':
      return `https://login.microsoftonline.com/${(tenant ?? '').toLowerCase()}/v2.0`
    case 'cilogon':
      return 'https://cilogon.org'
    case 'gitlab':
      return issuer ?? 'https://gitlab.com'
    case 'github':
      return (url ?? 'https://github.com').replace(/\/+$/, '')
    case 'oidc':
      return issuer ?? ''
  }
}

/** What CILogon is asked for, where nobody says. */
export const cilogonScopes: readonly string[] = ['openid', 'email', 'org.cilogon.userinfo']

function usualScopes(method: AccountsMethod, document: AuthDocument): readonly string[] {
  if (method === 'github') return githubScopes(document)
  return method === 'cilogon' ? cilogonScopes : ['openid', 'profile', 'email']
}

/** GitHub says in which organizations and teams somebody is only where it was asked for that. */
function githubScopes({allow, adminGroups, groups}: AuthDocument): readonly string[] {
  const asksGroups = [allow?.organizations, allow?.groups, adminGroups, Object.keys(groups ?? {})]
  return asksGroups.some((each) => each !== undefined && each.length > 0) ? ['read:org'] : []
}
