import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {changedNames, mayChangeNames, type ChangedName} from '../../../hub-spec/auth/names-after.js'
import {isMadeUp} from '../../../hub-spec/people/rehearsal-names.js'
import type {OpenHub} from '../../session/open-hub.js'

/** Whose name the spec makes another than the one before it did: people of both, and of the hub where it can be asked. */
export async function findChangedNames(
  {spec, connect}: Pick<OpenHub, 'spec' | 'connect'>,
  before: HubSpec | undefined,
): Promise<readonly ChangedName[]> {
  if (before === undefined || !mayChangeNames(before.auth, spec.auth)) return []
  const api = await connect()
  const others = (await api?.isReady()) === true ? ((await api?.users()) ?? []) : []
  const people = new Map<string, {readonly email?: string}>([
    ...others.filter((user) => !isMadeUp(user)).map(({name}) => [name, {}] as const),
    ...[...before.users].filter(([name]) => spec.users.has(name)),
    ...spec.users,
  ])
  return changedNames(before.auth, spec.auth, {people, listed: new Set(spec.users.keys())})
}
