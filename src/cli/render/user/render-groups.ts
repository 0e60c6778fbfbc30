import type {GroupAddResult} from '../../../hub/group/group-add.js'
import type {ListedGroup} from '../../../hub/group/group-list.js'
import type {GroupSetResult} from '../../../hub/group/group-set.js'
import {renderChange} from '../render-change.js'
import {renderLimitsOf} from '../render-limits.js'
import {renderTable} from '../text/render-table.js'

export function renderGroupChange(result: GroupAddResult): string {
  const what = result.changes.map(({summary}) => summary).join('; ')
  return renderChange(result, what === '' ? 'Nothing to change.' : `Done: ${what}.`, 'Nothing to change.')
}

export function renderGroupSet(result: GroupSetResult): string {
  return renderChange(result, `Members of ${result.name}: ${result.members.join(', ') || 'nobody'}.`)
}

export function renderGroupList(groups: readonly ListedGroup[]): string {
  if (groups.length === 0) return 'No groups yet.\nNext:  jhub group add ta'
  return renderTable(
    ['name', 'members', 'limits'],
    groups.map(({name, members, limits}) => [name, members.join(','), renderLimitsOf(limits)]),
  )
}
