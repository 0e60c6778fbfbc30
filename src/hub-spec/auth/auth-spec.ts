import {definedOnly} from '../../defined-only.js'
import type {AuthDocument, AuthMethod} from './auth-document.js'
import {isNamedOtherwise, toldTo, toProvider, type ProviderSpec} from './auth-provider.js'

/** Who may sign in besides those whom the spec names. */
export interface AllowSpec {
  readonly everybody: boolean
  /** Of verified e-mail addresses, in lower case. */
  readonly domains: readonly string[]
  /** As the provider writes them. */
  readonly groups: readonly string[]
  readonly organizations: readonly string[]
}

/** How people sign in, with every default filled in. */
export interface AuthSpec {
  readonly method: AuthMethod
  /** Present where a provider says who somebody is. */
  readonly provider?: ProviderSpec
  readonly allow: AllowSpec
  /** Groups of the provider whose members are admins. */
  readonly adminGroups: readonly string[]
  /** The provider's group to ours. */
  readonly groups: ReadonlyMap<string, string>
}

/** The one form that a checked document has. Names of groups of ours are normalised by `normaliseGroup`. */
export function toAuthSpec(document: AuthDocument | undefined, normaliseGroup: (name: string) => string): AuthSpec {
  const {method = 'password', allow = {}, adminGroups = [], groups = {}} = document ?? {}
  // Names of GitHub's organizations and teams are the same in capitals.
  const theirs = (name: string) => (method === 'github' ? name.toLowerCase() : name)
  const provider =
    method === 'password' || method === 'shared-password' ? undefined : toProvider(method, document ?? {})
  return {
    method,
    ...definedOnly({provider}),
    allow: {
      everybody: allow.everybody ?? false,
      domains: (allow.domains ?? []).map((each) => each.toLowerCase()),
      groups: (allow.groups ?? []).map(theirs),
      organizations: (allow.organizations ?? []).map(theirs),
    },
    adminGroups: adminGroups.map(theirs),
    groups: new Map(Object.entries(groups).map(([name, ours]) => [theirs(name), normaliseGroup(ours)])),
  }
}

/** What has to be given by `jhub auth secret`, in words; nothing where the method needs none. */
export function secretNeeded({method, provider}: Pick<AuthSpec, 'method' | 'provider'>): string | undefined {
  if (method === 'password') return undefined
  if (provider === undefined) return "the room's password"
  if (provider.family === 'lti') return undefined
  if (provider.family === 'class') return provider.secretTrait && `the secret of ${provider.label}`
  if (provider.family !== 'ldap') return 'the client secret'
  return provider.bindDn === undefined ? undefined : `the password of ${provider.bindDn}`
}

/**
 * Whether logins of the one end with the other: then somebody else says who people are, or by other names. The hub compares the
 * same.
 */
export function endsLogins(before: AuthSpec, next: AuthSpec): boolean {
  return (
    before.method !== next.method ||
    before.provider?.issuer !== next.provider?.issuer ||
    isNamedOtherwise(before.provider, next.provider)
  )
}

/** What a secret is for: one that was given for another client is none. */
export function secretPurpose({method, provider}: Pick<AuthSpec, 'method' | 'provider'>): string {
  if (provider === undefined) return method
  if (provider.family === 'class') return toldTo(provider)
  return provider.family === 'ldap'
    ? `${provider.server} ${provider.bindDn ?? ''}`
    : `${provider.issuer} ${provider.clientId}`
}

/** A client secret, or the password of a room. */
export interface SignInSecret {
  /** What it was given for; for anything else there is none. */
  readonly purpose: string
  readonly value: string
}
