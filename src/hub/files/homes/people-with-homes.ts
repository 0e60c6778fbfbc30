import type {HomesKeeper} from '../../../engines/engine.js'
import {JhubError} from '../../../errors.js'
import {isRehearsalName} from '../../../hub-spec/people/rehearsal-names.js'
import {normaliseUserName} from '../../../hub-spec/people/user-name.js'
import {membersOf} from '../../session/people/members-of.js'
import type {OpenHub} from '../../session/open-hub.js'
import {requireUser} from '../../session/people/require-user.js'

/** Whose files a command is about: people by name, the members of a group, or everybody but admins. */
export type PeopleChoice = {readonly names: readonly string[]} | {readonly group: string} | 'everybody'

export interface PersonWithHome {
  readonly login: string
  readonly name: string
}

/** The people that are meant, also those whom only the hub knows. Throws `JHUB-E302` for somebody or a group that is not there. */
export async function peopleWithHomes(hub: OpenHub, choice: PeopleChoice): Promise<readonly PersonWithHome[]> {
  const {spec} = hub
  const toPerson = (login: string) => ({login, name: spec.users.get(login)?.name ?? login})
  if (choice !== 'everybody' && 'group' in choice)
    return membersOf(spec, choice.group).map(([login]) => toPerson(login))
  const names = choice === 'everybody' ? undefined : [...new Set(choice.names.map(normaliseUserName))]
  const others = names === undefined || names.some((name) => !spec.users.has(name)) ? await othersOnHub(hub) : []
  if (names === undefined) {
    const people = [...[...spec.users].flatMap(([login, {admin}]) => (admin ? [] : [login])), ...others]
    if (people.length > 0) return people.map(toPerson)
    throw new JhubError('JHUB-E302', 'Only admins are on the hub', {fix: 'jhub user import participants.csv'})
  }
  for (const name of names) if (!others.includes(name)) requireUser(spec, name)
  return names.map(toPerson)
}

/** People who signed in by a rule of the settings file and are not named in it; nobody while the hub is not running. */
async function othersOnHub(hub: OpenHub): Promise<readonly string[]> {
  const users = (await (await hub.connect())?.users()) ?? []
  return users.flatMap(({name, admin}) => (hub.spec.users.has(name) || admin || isRehearsalName(name) ? [] : [name]))
}

/** Throws `JHUB-E229` where jhub does not reach homes. */
export function requireHomes({engine, spec}: OpenHub): HomesKeeper {
  if (engine.homes.files !== undefined) return engine.homes.files
  throw new JhubError('JHUB-E229', `jhub cannot reach people's files on ${spec.name} (${engine.title})`)
}

/** Everybody who could have a home: what an older hub's short names are told apart by. */
export function everybody({spec}: OpenHub): readonly string[] {
  return [...spec.users.keys()]
}
