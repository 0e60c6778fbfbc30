import type {AuthMethod} from './auth-document.js'
import {isNamedOtherwise, namedBy, type ProviderSpec} from './auth-provider.js'
import type {AuthSpec} from './auth-spec.js'

/** Somebody whose name on the hub is another one after a change of how people sign in. Homes stay with names. */
export interface ChangedName {
  readonly name: string
  /** Absent: only the provider knows it. */
  readonly next?: string
  /** Whose `next` is now: in the settings file, of somebody else on the hub or in this table, or nobody's. */
  readonly nextIs?: 'listed' | 'taken' | 'new'
}

export interface NamedPeople {
  /** Everybody whom the hub knows, with the e-mail address that the settings file has of them. */
  readonly people: ReadonlyMap<string, {readonly email?: string}>
  /** Names in the settings file. */
  readonly listed: ReadonlySet<string>
}

/**
 * Whose name the next method makes another, as far as it can be known before they sign in: a domain that is cut off or stays on,
 * and e-mail addresses. Other names are taken to be the same at both.
 */
export function changedNames(before: AuthSpec, next: AuthSpec, {people, listed}: NamedPeople): readonly ChangedName[] {
  const {provider} = next
  if (provider === undefined || !mayChangeNames(before, next)) return []
  const {method} = next
  const rows = [...people].map(([name, {email}]) => {
    const full = fullName({name, email, before, method, provider})
    // No name at GitHub has an @ in it; what a class calls people only the class knows.
    const isUnknown = (method === 'github' && full.includes('@')) || isOtherClass(before.provider, provider)
    return {name, next: isUnknown ? undefined : nameAt(provider, full, hasDomain(provider, method))}
  })
  const changed = rows.filter((row) => row.next !== row.name)
  return changed.map(({name, next: other}) => {
    if (other === undefined) return {name}
    const isShared = rows.some((row) => row.name !== name && row.next === other)
    return {
      name,
      next: other,
      nextIs: isShared ? 'taken' : listed.has(other) ? 'listed' : people.has(other) ? 'taken' : 'new',
    }
  })
}

/** Whether one class signs people in after another, or is told something else. */
function isOtherClass(one: ProviderSpec | undefined, other: ProviderSpec): boolean {
  return one?.family === 'class' && other.family === 'class' && namedBy(one) !== namedBy(other)
}

/** Whether names are made another way after a change. Without a provider the settings file says them. */
export function mayChangeNames(before: AuthSpec, next: AuthSpec): boolean {
  if (next.provider === undefined) return false
  return before.method !== next.method || isNamedOtherwise(before.provider, next.provider)
}

/** Claims and attributes whose values end in a domain. */
const withDomain = new Set(['email', 'mail', 'userprincipalname', 'upn', 'eppn'])

function hasDomain(provider: ProviderSpec, method: AuthMethod): boolean {
  return withDomain.has(namedBy(provider)) || method === 'microsoft'
}

interface Asked {
  readonly name: string
  readonly email: string | undefined
  readonly before: AuthSpec
  readonly method: AuthMethod
  readonly provider: ProviderSpec
}

/** What the next provider probably calls somebody, before a domain is cut off. */
function fullName({name, email, before, method, provider}: Asked): string {
  const was = before.provider
  const whole = name.includes('@') || was?.stripDomain === undefined ? name : `${name}@${was.stripDomain}`
  if (was?.issuer === provider.issuer && namedBy(was) === namedBy(provider)) return whole
  if (!hasDomain(provider, method)) return name
  return namedBy(provider) === 'email' || !whole.includes('@') ? (email?.toLowerCase() ?? whole) : whole
}

function nameAt({stripDomain}: ProviderSpec, full: string, hasDomains: boolean): string | undefined {
  if (hasDomains && !full.includes('@') && stripDomain === undefined) return undefined
  const end = `@${stripDomain ?? ''}`
  return stripDomain !== undefined && full.endsWith(end) ? full.slice(0, -end.length) : full
}
