import {JhubError} from '../../../errors.js'
import {insteadOf, notThere} from '../../../hub-spec/edit/not-there.js'
import {normaliseGroupName} from '../../../hub-spec/people/group-name.js'
import type {HubSpec, UserSpec} from '../../../hub-spec/hub-spec.js'

/** The members of a group, by the spec. Throws `JHUB-E302` for a group that is not there, or that nobody is in. */
export function membersOf(
  {users, groups}: Pick<HubSpec, 'users' | 'groups'>,
  group: string,
): readonly (readonly [string, UserSpec])[] {
  const name = normaliseGroupName(group)
  const members = [...users].filter(([, user]) => user.groups.includes(name))
  if (members.length > 0) return members
  throw groups.has(name)
    ? new JhubError('JHUB-E302', `Nobody is in the group ${name}`, {fix: `jhub group set ${name} --add NAME`})
    : new JhubError('JHUB-E302', notThere('group', name, [...groups.keys()]), {
        fix: insteadOf(name, [...groups.keys()], ['jhub group list']),
      })
}
