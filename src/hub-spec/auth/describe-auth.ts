import type {AuthMethod} from './auth-document.js'
import {toldTo, type ProviderSpec} from './auth-provider.js'
import type {AuthSpec} from './auth-spec.js'
import type {HubSpec} from '../hub-spec.js'

type People = Pick<HubSpec, 'auth' | 'users'>

/** Who can sign in, one sentence each; nobody else can. */
export function whoMaySignIn({auth, users}: People): readonly string[] {
  const names = [...users.keys()]
  const admins = [...users].flatMap(([name, {admin}]) => (admin ? [name] : []))
  if (auth.method === 'shared-password')
    return [
      auth.allow.everybody
        ? "Anybody with the room's password can sign in, with any name that is not an admin's."
        : `Anybody with the room's password can sign in, with any of these names: ${list(names.filter((name) => !admins.includes(name)))}.`,
      "Anybody with the password can use anybody else's name, and can see that person's files.",
      ...(admins.length === 0 ? [] : [`Admins (${list(admins)}) sign in by a link: \`jhub open --admin\`.`]),
    ]
  const passwords = names.length === 1 ? 'password' : 'passwords'
  const how = auth.provider === undefined ? `with their own ${passwords}` : `with ${auth.provider.label}`
  return [
    names.length === 0 ? 'Nobody can sign in by name.' : `${list(names)} can sign in ${how}.`,
    ...(auth.provider === undefined ? [] : whoIsAllowed(auth, auth.provider.label)),
  ]
}

/** What jhub holds to with every other method and cannot with a class of others, one sentence each. */
export function whatIsNotChecked({auth: {provider}}: Pick<HubSpec, 'auth'>): readonly string[] {
  if (provider?.family !== 'class') return []
  const {label} = provider
  return [
    `jhub cannot check how ${label} finds out who somebody is, and whether it counts wrong passwords.`,
    `jhub cannot check what pages ${label} adds to the hub: pages of its own may log people in past jhub's rules.`,
    `jhub cannot check that a name stays with one person: whoever ${label} gives the name of one who has left gets the home.`,
    `jhub cannot check that ${label} ends a login when the account ends; here it ends after a day.`,
  ]
}

function whoIsAllowed({allow, adminGroups, method}: AuthSpec, label: string): readonly string[] {
  const {everybody, domains, groups, organizations} = allow
  const inGroup = (group: string) =>
    method === 'lti'
      ? `Everybody who opens the hub from any course of ${label} with the role ${group}`
      : `Everybody in the group ${group} of ${label}`
  return [
    ...(everybody ? [everybodyAt(method, label)] : []),
    ...domains.map((domain) =>
      method === 'google'
        ? `Everybody with an account of ${domain} at Google Workspace can sign in.`
        : `Everybody with a verified e-mail address of ${domain} can sign in.`,
    ),
    ...groups.map((group) => `${inGroup(group)} can sign in.`),
    ...organizations.map((name) => `Everybody in the organization ${name} of ${label} can sign in.`),
    ...adminGroups.map((group) => `${inGroup(group)} can sign in, as admin.`),
  ]
}

function everybodyAt(method: AuthMethod, label: string): string {
  if (method === 'microsoft') return 'Everybody of the tenant can sign in.'
  if (method === 'class') return `Everybody whom ${label} lets through can sign in.`
  if (method === 'cilogon')
    return `Everybody with an account at one of the institutions under identityProviders can sign in.`
  if (method === 'lti') return `Everybody who opens the hub from ${label} can sign in.`
  return `Everybody with an account at ${label} can sign in.`
}

function list(names: readonly string[]): string {
  return names.length === 0 ? '(nobody)' : names.join(', ')
}

/** Which provider of its kind, and whom it looks at: two may have one label. */
function whereOf(provider: ProviderSpec): string {
  if (provider.family === 'class') return toldTo(provider)
  if (provider.family !== 'ldap') return `${provider.issuer} (client ${provider.clientId})`
  const {server, base, userAttribute, userDn = ''} = provider
  return base === undefined ? `${server} (${userDn})` : `${server} (${userAttribute} below ${base})`
}

function toldWhole(provider: ProviderSpec): string {
  const where = whereOf(provider)
  return hasOwnLabel(provider, where) ? `${provider.label}, ${where}` : where
}

/** False for a provider that is called by its address: to say both says it twice. */
export function hasOwnLabel({label}: {readonly label: string}, address: string): boolean {
  const [, host] = /\/\/([^/\s]+)/.exec(address) ?? []
  return label !== host
}

/** Which of the rules for signing in are new, and which are gone; people by name are told where people are. */
export function changedRules(
  before: People,
  after: People,
): {readonly gain: readonly string[]; readonly lose: readonly string[]} {
  const rules = ({auth}: People) => {
    const {method, provider} = auth
    const how =
      method === 'password'
        ? 'People sign in with their own passwords.'
        : provider === undefined
          ? "People sign in with the room's password."
          : `People sign in with ${toldWhole(provider)}.`
    return [
      how,
      ...whatIsNotChecked({auth}),
      ...whoMaySignIn({auth, users: new Map()}).slice(auth.provider === undefined ? 2 : 1),
    ]
  }
  const [old, next] = [rules(before), rules(after)]
  return {gain: next.filter((each) => !old.includes(each)), lose: old.filter((each) => !next.includes(each))}
}
