import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'

/** Throws `JHUB-E100` where people have no passwords of their own. */
export function requirePasswords({auth}: Pick<HubSpec, 'auth'>): void {
  if (auth.method === 'password') return
  const how = auth.provider === undefined ? "the room's password" : auth.provider.label
  throw new JhubError('JHUB-E100', `People sign in with ${how} here, and have no passwords of their own`, {
    fix: 'jhub auth show',
  })
}
