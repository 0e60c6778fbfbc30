import type {AuthSpec} from '../../../hub-spec/auth-spec.js'
import type {LockName} from './lock-files.js'

/** The packages of a hub: with those of its way to sign in, and of no other. */
export function hubLock({provider}: Pick<AuthSpec, 'provider'>): LockName {
  return provider === undefined ? 'hub' : 'hub-oauth'
}
