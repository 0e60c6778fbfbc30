import type {AuthSpec} from '../../../hub-spec/auth/auth-spec.js'
import type {LockName} from './lock-files.js'

const locks = {oidc: 'hub-oauth', github: 'hub-oauth', ldap: 'hub-ldap', lti: 'hub-lti'} as const

/** The packages of a hub: with those of its way to sign in, and of no other. */
export function hubLock({provider}: Pick<AuthSpec, 'provider'>): LockName {
  return provider === undefined ? 'hub' : locks[provider.family]
}
