import {definedOnly} from '../../defined-only.js'
import {setUser} from '../../hub-spec/edit/edit-users.js'
import {changeSpec, type SpecChangeResult} from '../session/spec/change-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {requireUser} from '../session/people/require-user.js'
import {loadSpec} from '../session/spec/spec-store.js'

export interface UserSetOptions {
  readonly name: string
  readonly admin: boolean | undefined
  readonly addGroups: readonly string[]
  readonly removeGroups: readonly string[]
  readonly dryRun: boolean
}

export interface UserSetResult {
  readonly outcome: SpecChangeResult['outcome']
  readonly name: string
  readonly admin: boolean
  readonly groups: readonly string[]
  readonly changes: SpecChangeResult['changes']
}

/** Makes somebody an admin or takes it back, and changes their groups. */
export async function userSet(context: HubContext, options: UserSetOptions): Promise<UserSetResult> {
  const {name} = requireUser((await loadSpec(context)).spec, options.name)
  const {hub, outcome, changes} = await changeSpec(context, {
    edit: (source) =>
      setUser(source, name, {
        addGroups: options.addGroups,
        removeGroups: options.removeGroups,
        ...definedOnly({admin: options.admin}),
      }),
    dryRun: options.dryRun,
  })
  const {user} = requireUser(hub.spec, name)
  return {outcome, name, admin: user.admin, groups: user.groups, changes}
}
