import type {HubContext} from '../../../hub/session/hub-context.js'
import {authSecret} from '../../../hub/auth/auth-secret.js'
import type {Asker} from './ask.js'
import {askSecret} from '../read-secret.js'

export interface ImportedSignIn {
  /** The file of the spec. */
  readonly spec: string
  /** What its sign-in needs; `null` where it needs nothing. */
  readonly secret: string | null
}

/** Asks whoever sits at a terminal for the secret of an imported sign-in, and records it. Gives what is still needed. */
export async function askImportedSecret(
  context: HubContext,
  who: Asker,
  {spec, secret}: ImportedSignIn,
): Promise<string | null> {
  if (secret === null) return null
  const text = await askSecret(who, `${secret} (nothing: give it later)`, context.signal)
  if (text === undefined || text.trim() === '') return secret
  await authSecret({...context, asked: {...context.asked, file: spec}}, text)
  return null
}
