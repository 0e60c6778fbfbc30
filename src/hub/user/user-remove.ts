import {JhubError} from '../../errors.js'
import {removeUsers} from '../../hub-spec/edit/edit-users.js'
import {normaliseUserName} from '../../hub-spec/user-name.js'
import {runSteps} from '../../steps/run-steps.js'
import {changeSpec, type SpecChangeResult} from '../session/change-spec.js'
import type {HubContext} from '../session/hub-context.js'

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

/** Removes people for real: server stopped, tokens and password gone, the name cannot log in. Homes stay unless `deleteData`. */
export async function userRemove(context: HubContext, options: UserRemoveOptions): Promise<UserRemoveResult> {
  const removed = [...new Set(options.names.map(normaliseUserName))]
  const {hub, outcome, changes} = await changeSpec(context, {
    edit: (source) => removeUsers(source, removed),
    dryRun: options.dryRun,
  })
  if (!options.deleteData || options.dryRun) return {outcome, removed, changes, homes: 'kept'}
  const deletion = hub.engine.removeHomes(removed)
  const deleted = await runSteps([deletion], {signal: context.signal, onEvent: context.onEvent, keepOnFailure: true})
  if ((await deletion.check()) !== undefined) {
    throw new JhubError('JHUB-E601', 'The users were removed, but not all of their homes', {
      fix: 'Run the same command again',
    })
  }
  return {outcome, removed, changes: [...changes, ...deleted], homes: 'deleted'}
}
