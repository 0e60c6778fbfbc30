import {secretNeeded, secretPurpose, type AuthSpec} from '../hub-spec/auth/auth-spec.js'
import type {Finding} from './finding.js'
import type {SignInSecret} from '../hub-spec/auth/auth-spec.js'

/** Whether the secret is there that a sign-in method needs. `secret`: the one that the hub has or is about to get. */
export function secretFindings(auth: AuthSpec, secret: SignInSecret | undefined): readonly Finding[] {
  const needed = secretNeeded(auth)
  if (needed === undefined) return []
  if (secret?.purpose === secretPurpose(auth)) return [{check: 'sign-in', state: 'ok', found: `${needed} is there`}]
  const found =
    secret === undefined ? `${needed} was not given yet` : `${needed} that was given is for another client or method`
  return [{check: 'sign-in', state: 'problem', found, needed, fix: 'jhub auth secret'}]
}
