import {setGroupMembers} from '../../hub-spec/edit/edit-groups.js'
import {normaliseGroupName} from '../../hub-spec/people/group-name.js'
import {normaliseUserName} from '../../hub-spec/people/user-name.js'
import {changeSpec, type SpecChangeResult} from '../session/spec/change-spec.js'
import {membersOf} from './group-list.js'
import type {HubContext} from '../session/hub-context.js'

export interface GroupSetOptions {
  readonly name: string
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly dryRun: boolean
}

export interface GroupSetResult {
  readonly outcome: SpecChangeResult['outcome']
  readonly name: string
  readonly members: readonly string[]
  readonly changes: SpecChangeResult['changes']
}

/** Changes who is in a group. */
export async function groupSet(context: HubContext, options: GroupSetOptions): Promise<GroupSetResult> {
  const name = normaliseGroupName(options.name)
  const {hub, outcome, changes} = await changeSpec(context, {
    edit: (source) =>
      setGroupMembers(source, name, {
        add: options.add.map(normaliseUserName),
        remove: options.remove.map(normaliseUserName),
      }),
    dryRun: options.dryRun,
  })
  return {outcome, name, members: membersOf(hub.spec, name), changes}
}
