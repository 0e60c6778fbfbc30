import type {HubContext} from '../session/hub-context.js'
import {membersOf} from '../session/people/members-of.js'
import {openHub} from '../session/open-hub.js'
import {openStandingHub} from '../session/spec/standing-spec.js'

/** The logins of a group's members. Throws `JHUB-E302`. */
export async function loginsOfGroup(context: HubContext, group: string): Promise<readonly string[]> {
  const {spec} = await openHub(context)
  return membersOf(spec, group).map(([login]) => login)
}

/** Whose servers run or start now; of a group, or of everybody. Throws `JHUB-E204`, `JHUB-E302`. */
export async function peopleWithServersOf(context: HubContext, group: string | undefined): Promise<readonly string[]> {
  const hub = await openStandingHub(context)
  const users = await (await hub.requireApi()).users()
  const members = group === undefined ? undefined : new Set(membersOf(hub.spec, group).map(([login]) => login))
  return users
    .filter(({name, server}) => server !== undefined && (members === undefined || members.has(name)))
    .map(({name}) => name)
}
