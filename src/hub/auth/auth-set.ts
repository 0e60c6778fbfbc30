import {definedOnly, ifDefined} from '../../defined-only.js'
import type {AuthDocument} from '../../hub-spec/auth/auth-document.js'
import {endsLogins, secretNeeded, secretPurpose} from '../../hub-spec/auth/auth-spec.js'
import {changedRules, whoMaySignIn} from '../../hub-spec/auth/describe-auth.js'
import {setAuth} from '../../hub-spec/edit/edit-auth.js'
import {JhubError} from '../../errors.js'
import type {ChangedName} from '../../hub-spec/auth/names-after.js'
import {claimHub} from '../session/ownership/claim-hub.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub, type OpenHub} from '../session/open-hub.js'
import {readApplied} from '../session/spec/applied-spec.js'
import {readStored, type StoredSpec} from '../session/spec/read-stored.js'
import {seenFromSpec} from '../session/spec/seen-from-spec.js'
import {loadSpec, saveSpec} from '../session/spec/spec-store.js'
import {withLock} from '../session/with-lock.js'
import {up} from '../up.js'
import {checkSecret} from './auth-secret.js'
import {findChangedNames} from './names/find-changed-names.js'
import {requireAuthFiles} from './require-auth-files.js'
import {refusedFlags} from './refused-flags.js'

export interface AuthSetOptions {
  /** The whole `auth` of the spec; `{}` is passwords. */
  readonly auth: AuthDocument
  /** Gives the secret that the method needs, when none is there: `what` is `the client secret`. */
  readonly askSecret: (what: string) => Promise<string | undefined>
  /** A secret that was given beside it. */
  readonly secret?: string
  readonly dryRun: boolean
}

export interface AuthSetResult {
  readonly outcome: 'applied' | 'saved' | 'planned'
  readonly gain: readonly string[]
  readonly lose: readonly string[]
  /** Whose name is another one then; whoever calls this has asked about it. */
  readonly names: readonly ChangedName[]
  /** Whether all logins end: another method or provider says who people are. */
  readonly endsLogins: boolean
  readonly who: readonly string[]
  /** Passwords that were made, by user; where people sign in with passwords again. */
  readonly passwords: Readonly<Record<string, string>>
}

/** Another way to sign in. A hub that runs restarts with it; servers go on, homes stay with their names, logins end. */
export async function authSet(context: HubContext, options: AuthSetOptions): Promise<AuthSetResult> {
  const before = await loadSpec(context)
  const next = readTyped(before, seenFrom(context, before.file, options.auth))
  await requireAuthFiles(context, options.auth)
  const hub = await openHub(context, next)
  // What `up` will change: more than the file, where that was edited and never applied.
  const was = (await readApplied(context, hub.spec.name)) ?? before.spec
  const result = {
    ...changedRules(was, next.spec),
    names: await findChangedNames(hub, was),
    endsLogins: endsLogins(was.auth, next.spec.auth),
    who: whoMaySignIn(next.spec),
    passwords: {},
  }
  const secret = await findSecret(hub, options)
  if (options.dryRun) return {...result, outcome: 'planned'}
  const isRunning = (await hub.engine.connect()) !== undefined
  const takeBack = await withLock(context, () => save(context, {hub, before, secret}))
  if (!isRunning) return {...result, outcome: 'saved'}
  try {
    const {passwords} = await up(context, {areNamesAgreed: true})
    return {...result, outcome: 'applied', passwords}
  } catch (error) {
    await saveSpec(context, before)
    await takeBack?.()
    throw error
  }
}

/** Files were typed in the current directory, and are named beside the settings file. */
function seenFrom(context: HubContext, file: string, auth: AuthDocument): AuthDocument {
  const {ca, requirements} = auth
  const seen = (typed: string) => seenFromSpec(context, file, typed)
  return {...auth, ...definedOnly({ca: ifDefined(ca, seen), requirements: ifDefined(requirements, seen)})}
}

function readTyped({file, source}: StoredSpec, auth: AuthDocument): StoredSpec {
  try {
    return readStored(file, setAuth(source, auth))
  } catch (error) {
    throw refusedFlags(error)
  }
}

interface Saving {
  readonly hub: OpenHub
  readonly before: StoredSpec
  readonly secret: string | undefined
}

/** Gives what takes the secret back; nothing where none was given. */
async function save(context: HubContext, {hub, before, secret}: Saving): Promise<(() => Promise<void>) | undefined> {
  await claimHub(context, {...hub, source: before.source})
  const purpose = secretPurpose(hub.spec.auth)
  const takeBack = secret === undefined ? undefined : await hub.engine.signIn.give({purpose, value: secret})
  await saveSpec(context, hub)
  return takeBack
}

/** The secret to give; nothing where the hub has it. Throws `JHUB-E104` where it is needed and nobody gives it. */
async function findSecret({spec, engine}: OpenHub, options: AuthSetOptions): Promise<string | undefined> {
  const what = secretNeeded(spec.auth)
  if (what === undefined) {
    if (options.secret === undefined) return undefined
    throw new JhubError('JHUB-E100', `The method ${spec.auth.method} needs no secret`)
  }
  const isThere = options.secret === undefined && (await engine.signIn.secret())?.purpose === secretPurpose(spec.auth)
  if (isThere || options.dryRun) return undefined
  const text = options.secret ?? (await options.askSecret(what))
  if (text === undefined)
    throw new JhubError('JHUB-E104', `The method ${spec.auth.method} needs ${what}`, {
      fix: 'Run the same command with --secret-file PATH, or - for standard input',
    })
  return checkSecret(spec.auth, text)
}
