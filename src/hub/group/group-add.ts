import {addGroup} from '../../hub-spec/edit/edit-groups.js'
import {normaliseGroupName} from '../../hub-spec/people/group-name.js'
import {changeSpec, type SpecChangeResult} from '../session/spec/change-spec.js'
import type {HubContext} from '../session/hub-context.js'

export interface GroupAddResult {
  readonly outcome: SpecChangeResult['outcome']
  readonly groups: readonly string[]
  readonly changes: SpecChangeResult['changes']
}

/** Adds groups; those that are there stay as they are. */
export async function groupAdd(
  context: HubContext,
  options: {names: readonly string[]; dryRun: boolean},
): Promise<GroupAddResult> {
  const groups = [...new Set(options.names.map(normaliseGroupName))]
  const {outcome, changes} = await changeSpec(context, {
    edit: (source) => groups.reduce(addGroup, source),
    dryRun: options.dryRun,
  })
  return {outcome, groups, changes}
}
