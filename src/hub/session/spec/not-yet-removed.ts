import {addGroup} from '../../../hub-spec/edit/edit-groups.js'
import {addUsers} from '../../../hub-spec/edit/edit-users.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'

/** Whom and which groups somebody took out of the settings file, and no command has removed from the hub so far. */
export interface NotYetRemoved {
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

/** What the applied spec has and neither the spec before a small change nor the one after it. */
export function notYetRemoved(applied: HubSpec | undefined, before: HubSpec, next: HubSpec): NotYetRemoved {
  const left = (key: 'users' | 'groups') =>
    [...(applied?.[key].keys() ?? [])].filter((name) => !before[key].has(name) && !next[key].has(name))
  return {users: left('users'), groups: left('groups')}
}

/** The text of a spec, with what is still on the hub: what to record as applied, so that the next `up` removes it. */
export function withNotYetRemoved(source: string, {users, groups}: NotYetRemoved): string {
  const withUsers = users.length === 0 ? source : addUsers(source, users)
  return groups.reduce(addGroup, withUsers)
}
