import {Flags} from '@oclif/core'
import {JhubError} from '../../errors.js'
import type {AuthDocument, AuthMethod} from '../../hub-spec/auth/auth-document.js'

export const secretFileFlag = Flags.string({
  summary: 'A file with the secret, or - for standard input. Without it, you are asked.',
  helpValue: 'PATH',
})

/** What `auth set` says of a method; each is a key of the spec's `auth`. */
export const authFlags = {
  issuer: Flags.string({summary: 'The address of the provider: https://login.uni.example', helpValue: 'URL'}),
  'client-id': Flags.string({summary: 'The ID that the provider gave this hub.', helpValue: 'ID'}),
  tenant: Flags.string({summary: 'For microsoft: the directory (tenant) ID.', helpValue: 'ID'}),
  'authorize-url': Flags.string({summary: 'For lti: where the platform signs people in.', helpValue: 'URL'}),
  'keys-url': Flags.string({summary: "For lti: the address of the platform's public keys.", helpValue: 'URL'}),
  label: Flags.string({summary: 'The name of the provider on the login button.', helpValue: 'TEXT'}),
  scope: Flags.string({
    summary: 'A scope to ask the provider for; may be repeated.',
    multiple: true,
    helpValue: 'SCOPE',
  }),
  'username-claim': Flags.string({summary: 'The claim to use as the login, for example email.', helpValue: 'CLAIM'}),
  'strip-domain': Flags.string({summary: 'Remove @DOMAIN from logins.', helpValue: 'DOMAIN'}),
  'groups-claim': Flags.string({summary: 'The claim that lists groups.', helpValue: 'CLAIM'}),
  server: Flags.string({summary: 'For ldap: the server, for example ldaps://ldap.uni.example', helpValue: 'URL'}),
  base: Flags.string({
    summary: 'For ldap: the entry below which people are, for example ou=people,dc=uni',
    helpValue: 'DN',
  }),
  'user-attribute': Flags.string({
    summary: 'For ldap: the attribute to use as the login, for example uid.',
    helpValue: 'NAME',
  }),
  'bind-dn': Flags.string({
    summary: 'For ldap: the account with which the hub searches, for example cn=hub,dc=uni',
    helpValue: 'DN',
  }),
  'user-dn': Flags.string({
    summary: "For ldap, instead of --base: a person's entry, for example uid={username},dc=uni",
    helpValue: 'DN',
  }),
  'identity-provider': Flags.string({
    summary: "For cilogon: an institution's entity ID; may be repeated.",
    multiple: true,
    helpValue: 'URL',
  }),
  deployment: Flags.string({
    summary: 'For lti: a deployment ID that counts; may be repeated. Default: all.',
    multiple: true,
    helpValue: 'ID',
  }),
  class: Flags.string({summary: 'For class: the authenticator, as module:Class.', helpValue: 'CLASS'}),
  set: Flags.string({
    summary: 'For class: a trait and its value (JSON or text); may be repeated.',
    multiple: true,
    helpValue: 'TRAIT=VALUE',
  }),
  'secret-trait': Flags.string({summary: 'For class: the trait that takes the secret.', helpValue: 'TRAIT'}),
  requirements: Flags.string({
    summary: 'For class: a file of packages with hashes, which the hub installs.',
    helpValue: 'PATH',
  }),
  ca: Flags.string({summary: 'A PEM file: the certificate authority of the provider.', helpValue: 'PATH'}),
  'allow-domain': Flags.string({
    summary: 'Let in everybody with an e-mail address in this domain; may be repeated.',
    multiple: true,
    helpValue: 'DOMAIN',
  }),
  'allow-group': Flags.string({
    summary: 'Let in everybody in this group; may be repeated.',
    multiple: true,
    helpValue: 'GROUP',
  }),
  'allow-organization': Flags.string({
    summary: 'Let in everybody in this GitHub organization; may be repeated.',
    multiple: true,
    helpValue: 'NAME',
  }),
  url: Flags.string({summary: 'For github: the address of a GitHub Enterprise Server.', helpValue: 'URL'}),
  'allow-everybody': Flags.boolean({summary: 'Let in everybody who can sign in with the method.'}),
  'admin-group': Flags.string({
    summary: 'Members of this group are admins; may be repeated.',
    multiple: true,
    helpValue: 'GROUP',
  }),
  'map-group': Flags.string({
    summary: 'Put members of a group at the provider into a group of the hub; may be repeated.',
    multiple: true,
    helpValue: 'THEIRS=OURS',
  }),
}

interface Given {
  readonly issuer?: string | undefined
  readonly 'client-id'?: string | undefined
  readonly tenant?: string | undefined
  readonly 'authorize-url'?: string | undefined
  readonly 'keys-url'?: string | undefined
  readonly label?: string | undefined
  readonly scope?: string[] | undefined
  readonly 'username-claim'?: string | undefined
  readonly 'strip-domain'?: string | undefined
  readonly 'groups-claim'?: string | undefined
  readonly 'identity-provider'?: string[] | undefined
  readonly deployment?: string[] | undefined
  readonly class?: string | undefined
  readonly set?: string[] | undefined
  readonly 'secret-trait'?: string | undefined
  readonly requirements?: string | undefined
  readonly ca?: string | undefined
  readonly server?: string | undefined
  readonly base?: string | undefined
  readonly 'user-attribute'?: string | undefined
  readonly 'bind-dn'?: string | undefined
  readonly 'user-dn'?: string | undefined
  readonly 'allow-domain'?: string[] | undefined
  readonly 'allow-group'?: string[] | undefined
  readonly 'allow-organization'?: string[] | undefined
  readonly url?: string | undefined
  readonly 'allow-everybody': boolean
  readonly 'admin-group'?: string[] | undefined
  readonly 'map-group'?: string[] | undefined
}

/** The spec's `auth` from flags. Throws `JHUB-E100` for a group without its other. */
export function authDocument(method: AuthMethod, given: Given): AuthDocument {
  const allow = withoutNothing({
    everybody: given['allow-everybody'] ? (true as const) : undefined,
    domains: given['allow-domain'],
    groups: given['allow-group'],
    organizations: given['allow-organization'],
  })
  const said = withoutNothing({
    issuer: given.issuer,
    clientId: given['client-id'],
    tenant: given.tenant,
    url: given.url,
    authorizeUrl: given['authorize-url'],
    keysUrl: given['keys-url'],
    label: given.label,
    scopes: given.scope,
    usernameClaim: given['username-claim'],
    stripDomain: given['strip-domain'],
    groupsClaim: given['groups-claim'],
    server: given.server,
    base: given.base,
    userAttribute: given['user-attribute'],
    bindDn: given['bind-dn'],
    userDn: given['user-dn'],
    identityProviders: given['identity-provider'],
    deployments: given.deployment,
    class: given.class,
    config: given.set === undefined ? undefined : Object.fromEntries(given.set.map(readTrait)),
    secretTrait: given['secret-trait'],
    requirements: given.requirements,
    ca: given.ca,
    allow: Object.keys(allow).length === 0 ? undefined : allow,
    adminGroups: given['admin-group'],
    groups: given['map-group'] === undefined ? undefined : Object.fromEntries(given['map-group'].map(readPair)),
  })
  return method === 'password' && Object.keys(said).length === 0 ? {} : {method, ...said}
}

function readPair(text: string): readonly [string, string] {
  const at = text.lastIndexOf('=')
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)]
  throw new JhubError('JHUB-E100', `"${text}" does not say which groups go together`, {fix: '--map-group staff=ta'})
}

function readTrait(text: string): readonly [string, Json] {
  const at = text.indexOf('=')
  if (at < 1) throw new JhubError('JHUB-E100', `"${text}" does not give a trait a value`, {fix: '--set timeout=10'})
  const value = text.slice(at + 1)
  try {
    return [text.slice(0, at), JSON.parse(value) as Json]
  } catch {
    return [text.slice(0, at), value]
  }
}

type Json = NonNullable<AuthDocument['config']>[string]

type Something<T> = {[Key in keyof T]?: Exclude<T[Key], undefined>}

function withoutNothing<T extends object>(values: T): Something<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Something<T>
}
