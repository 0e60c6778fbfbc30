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
  'username-claim': Flags.string({summary: 'The claim that is the login here, as email.', helpValue: 'CLAIM'}),
  'strip-domain': Flags.string({summary: 'Cut @DOMAIN off logins.', helpValue: 'DOMAIN'}),
  'groups-claim': Flags.string({summary: 'The claim that lists groups.', helpValue: 'CLAIM'}),
  server: Flags.string({summary: 'For ldap: the server, as ldaps://ldap.uni.example', helpValue: 'URL'}),
  base: Flags.string({
    summary: 'For ldap: the entry that people are below, as ou=people,dc=uni,dc=example',
    helpValue: 'DN',
  }),
  'user-attribute': Flags.string({summary: 'For ldap: the attribute that is the login, as uid.', helpValue: 'NAME'}),
  'bind-dn': Flags.string({
    summary: 'For ldap: the account by which the hub searches, as cn=hub,dc=uni,dc=example',
    helpValue: 'DN',
  }),
  'user-dn': Flags.string({
    summary: "For ldap, in place of --base: a person's entry, as uid={username},ou=people,dc=uni,dc=example",
    helpValue: 'DN',
  }),
  ca: Flags.string({summary: "A PEM file: the authority of the provider's certificate.", helpValue: 'PATH'}),
  'allow-domain': Flags.string({
    summary: 'Let everybody of an e-mail domain in; may be repeated.',
    multiple: true,
    helpValue: 'DOMAIN',
  }),
  'allow-group': Flags.string({
    summary: 'Let everybody of a group in; may be repeated.',
    multiple: true,
    helpValue: 'GROUP',
  }),
  'allow-organization': Flags.string({
    summary: 'Let everybody of an organization of GitHub in; may be repeated.',
    multiple: true,
    helpValue: 'NAME',
  }),
  url: Flags.string({summary: 'For github: the address of a GitHub Enterprise Server.', helpValue: 'URL'}),
  'allow-everybody': Flags.boolean({summary: 'Let everybody in whom the method lets through.'}),
  'admin-group': Flags.string({
    summary: 'Members of this group are admins; may be repeated.',
    multiple: true,
    helpValue: 'GROUP',
  }),
  'map-group': Flags.string({
    summary: 'Put members of a group into one of the hub; may be repeated.',
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
  throw new JhubError('JHUB-E100', `"${text}" does not say which group is which`, {fix: '--map-group staff=ta'})
}

type Something<T> = {[Key in keyof T]?: Exclude<T[Key], undefined>}

function withoutNothing<T extends object>(values: T): Something<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Something<T>
}
