import type {HubSpec, Limits} from '../../hub-spec/hub-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {loadSpec} from '../session/spec/spec-store.js'

export interface ListedGroup {
  readonly name: string
  readonly members: readonly string[]
  readonly limits: Limits
}

export async function groupList(context: HubContext): Promise<{readonly groups: readonly ListedGroup[]}> {
  const {spec} = await loadSpec(context)
  return {groups: [...spec.groups].map(([name, {limits}]) => ({name, members: membersOf(spec, name), limits}))}
}

export function membersOf(spec: HubSpec, group: string): readonly string[] {
  return [...spec.users].filter(([, {groups}]) => groups.includes(group)).map(([name]) => name)
}
