import {findUnwritten} from '../hub-spec/auth/unwritten.js'
import {secretNeeded, secretPurpose, type AuthSpec} from '../hub-spec/auth/auth-spec.js'
import type {Finding} from './finding.js'
import type {SignInSecret} from '../hub-spec/auth/auth-spec.js'

/** Whether the hub has what its sign-in cannot be without. `secret`: the one that it has or is about to get. */
export function signInFindings(auth: AuthSpec, secret: SignInSecret | undefined): readonly Finding[] {
  return [...unwrittenFindings(auth), ...secretFindings(auth, secret)]
}

/** What an import could not know, and somebody has to write. */
function unwrittenFindings(auth: AuthSpec): readonly Finding[] {
  return findUnwritten(auth).map((key) => ({
    check: `auth.${key}`,
    state: 'problem',
    found: 'the import did not find it',
    needed: 'what the provider says',
    fix: 'jhub config edit',
  }))
}

/** Whether the secret is there that a sign-in method needs. */
function secretFindings(auth: AuthSpec, secret: SignInSecret | undefined): readonly Finding[] {
  const needed = secretNeeded(auth)
  if (needed === undefined) return []
  if (secret?.purpose === secretPurpose(auth)) return [{check: 'sign-in', state: 'ok', found: `${needed} is there`}]
  const found =
    secret === undefined ? `${needed} was not given yet` : `${needed} that was given is for another client or method`
  return [{check: 'sign-in', state: 'problem', found, needed, fix: 'jhub auth secret'}]
}
