import {removeGroup} from '../../hub-spec/edit/edit-groups.js'
import {normaliseGroupName} from '../../hub-spec/people/group-name.js'
import {changeSpec} from '../session/spec/change-spec.js'
import type {GroupAddResult} from './group-add.js'
import type {HubContext} from '../session/hub-context.js'

/** Removes groups; their members stay. */
export async function groupRemove(
  context: HubContext,
  options: {names: readonly string[]; dryRun: boolean},
): Promise<GroupAddResult> {
  const groups = [...new Set(options.names.map(normaliseGroupName))]
  const {outcome, changes} = await changeSpec(context, {
    edit: (source) => groups.reduce(removeGroup, source),
    dryRun: options.dryRun,
  })
  return {outcome, groups, changes}
}
