import {JhubError} from '../../errors.js'
import {removeUsers} from '../../hub-spec/edit/edit-users.js'
import {normaliseUserName} from '../../hub-spec/people/user-name.js'
import {changeSpec, type SpecChangeResult} from '../session/spec/change-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {requireDone} from '../session/require-done.js'

export interface UserRemoveOptions {
  readonly names: readonly string[]
  readonly deleteData: boolean
  readonly dryRun: boolean
}

export interface UserRemoveResult {
  readonly outcome: SpecChangeResult['outcome']
  readonly removed: readonly string[]
  readonly changes: SpecChangeResult['changes']
  readonly homes: 'kept' | 'deleted'
}

/**
 * Removes people for real: server stopped, tokens and password gone, the name cannot log in. Homes stay unless `deleteData`.
 * Also people whom only the hub knows, and with `deleteData` those of whom only the home is left.
 */
export async function userRemove(context: HubContext, options: UserRemoveOptions): Promise<UserRemoveResult> {
  const removed = [...new Set(options.names.map(nameAsWritten))]
  const {listed, unlisted, unknown} = await findPeople(context, removed)
  const isDeletion = options.deleteData && !options.dryRun
  if (unknown.length > 0 && options.deleteData) await requireHomes(context, unknown)
  const {hub, outcome, changes} = await changeSpec(context, {
    edit: (source) => removeUsers(source, options.deleteData ? listed : [...listed, ...unknown]),
    remove: unlisted,
    // Before the next jhub may add somebody of that name.
    finish: ({engine}) => (options.deleteData ? [engine.homes.remove(removed)] : []),
    dryRun: options.dryRun,
  })
  if (isDeletion) {
    const failure = 'The users were removed, but not all of their homes'
    await requireDone([hub.engine.homes.remove(removed)], failure, 'Run the same command again')
  }
  return {outcome, removed, changes, homes: isDeletion ? 'deleted' : 'kept'}
}

/** As the spec writes it; a name that the spec would refuse can still be on the hub, made on its own pages. */
function nameAsWritten(text: string): string {
  try {
    return normaliseUserName(text)
  } catch (error) {
    if (error instanceof JhubError) return text
    throw error
  }
}

interface Found {
  readonly listed: readonly string[]
  /** On the hub, and not in the spec. */
  readonly unlisted: readonly string[]
  readonly unknown: readonly string[]
}

async function findPeople(context: HubContext, names: readonly string[]): Promise<Found> {
  const hub = await openHub(context)
  const others = names.filter((name) => !hub.spec.users.has(name))
  const seen = others.length === 0 ? [] : ((await (await hub.connect())?.users()) ?? []).map(({name}) => name)
  return {
    listed: names.filter((name) => hub.spec.users.has(name)),
    unlisted: others.filter((name) => seen.includes(name)),
    unknown: others.filter((name) => !seen.includes(name)),
  }
}

async function requireHomes(context: HubContext, names: readonly string[]): Promise<void> {
  const {engine} = await openHub(context)
  for (const name of names) {
    if ((await engine.homes.remove([name]).check()) === undefined)
      throw new JhubError('JHUB-E302', `There is no user "${name}", and no home of that name`, {fix: 'jhub user list'})
  }
}
