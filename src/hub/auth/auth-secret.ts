import {JhubError} from '../../errors.js'
import {secretNeeded, secretPurpose, type AuthSpec} from '../../hub-spec/auth/auth-spec.js'
import {claimHub} from '../session/ownership/claim-hub.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {loadSpec} from '../session/spec/spec-store.js'
import {withLock} from '../session/with-lock.js'
import {applyToRunning} from './apply-to-running.js'

export interface AuthSecretResult {
  /** What was given: `the client secret`. */
  readonly what: string
  /** `kept`: the hub is not running, and gets it with the next `jhub up`. */
  readonly outcome: 'applied' | 'kept'
}

/** What the spec's method needs, to be asked for. Throws `JHUB-E100` where it needs nothing. */
export async function secretToAsk(context: HubContext): Promise<string> {
  const {auth} = (await loadSpec(context)).spec
  return requireNeeded(auth)
}

/** Gives the hub the secret of its sign-in; servers keep running. Throws `JHUB-E100` for a text that cannot be one. */
export async function authSecret(context: HubContext, text: string): Promise<AuthSecretResult> {
  const hub = await openHub(context)
  const {auth} = hub.spec
  const what = requireNeeded(auth)
  const value = checkSecret(auth, text)
  await withLock(context, async () => {
    await claimHub(context, hub)
    await hub.engine.signIn.give({purpose: secretPurpose(auth), value})
  })
  return {what, outcome: (await applyToRunning(context, hub)) ? 'applied' : 'kept'}
}

function requireNeeded(auth: AuthSpec): string {
  const what = secretNeeded(auth)
  if (what !== undefined) return what
  throw new JhubError('JHUB-E100', `The method ${auth.method} needs no secret`, {
    fix: ['jhub auth set --help   # another way to sign in', 'jhub user password NAME   # a new password for somebody'],
  })
}

const leastPassword = 8
const longestSecret = 1000

/** A secret without the line end of its file. Never says it. */
export function checkSecret({method}: Pick<AuthSpec, 'method'>, text: string): string {
  const value = text.replace(/^\uFEFF/, '').trim()
  const refuse = (why: string) =>
    new JhubError('JHUB-E100', `This secret cannot be used: ${why}`, {fix: 'jhub auth secret'})
  if (value === '') throw refuse('it is empty')
  if (value.length > longestSecret) throw refuse(`it has more than ${String(longestSecret)} characters`)
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(value)) throw refuse('it contains a line break, or a character that cannot be typed')
  if (method === 'shared-password' && value.length < leastPassword)
    throw refuse(`a shared password needs at least ${String(leastPassword)} characters`)
  return value
}
