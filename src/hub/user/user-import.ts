import {definedOnly} from '../../defined-only.js'
import {usableUrl, type HubAddresses} from '../../jupyterhub/hub-addresses.js'
import {addGroup} from '../../hub-spec/edit/edit-groups.js'
import {putUsers, removeUsers} from '../../hub-spec/edit/edit-users.js'
import {normaliseGroupName} from '../../hub-spec/people/group-name.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {assignLogins, type ImportedPerson} from '../../hub-spec/import/people/assign-logins.js'
import type {PersonRow} from '../../hub-spec/import/people/read-people.js'
import {changeSpec, type SpecChangeResult} from '../session/spec/change-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {loadSpec} from '../session/spec/spec-store.js'

export interface UserImportOptions {
  /** The rows of the list, cleaned. */
  readonly rows: readonly PersonRow[]
  /** What the list is called in messages. */
  readonly source: string
  /** Everybody of the list is put into this group. */
  readonly group?: string | undefined
  /** People of the spec (of the group, where one is given) who are not in the list are removed; admins stay. */
  readonly removeAbsent: boolean
}

export interface PlannedPerson extends ImportedPerson {
  readonly state: 'new' | 'changed' | 'unchanged'
}

export interface ImportPlan {
  readonly people: readonly PlannedPerson[]
  readonly removed: readonly string[]
  /** Groups that are made. */
  readonly newGroups: readonly string[]
  readonly notes: readonly string[]
}

export interface UserImportResult extends ImportPlan {
  readonly outcome: SpecChangeResult['outcome']
  readonly changes: SpecChangeResult['changes']
  /** Passwords that were made, by login. */
  readonly passwords: Readonly<Record<string, string>>
  /** For this computer; `null` where it can be reached by `jhub open` only. */
  readonly url: string | null
  readonly addresses: HubAddresses
}

/** What an import would do, by the spec as it stands. Throws `JHUB-E103` for one login of several people. */
export async function planImport(context: HubContext, options: UserImportOptions): Promise<ImportPlan> {
  return comparePeople((await loadSpec(context)).spec, options)
}

/**
 * Adds the people of a list, and gives those who are there already its name, address and groups; takes no group from
 * anybody. Removes of the absent only whom `agreed` names. The same list again changes nothing.
 */
export async function userImport(
  context: HubContext,
  options: UserImportOptions & {readonly agreed: readonly string[]; readonly dryRun: boolean},
): Promise<UserImportResult> {
  const limited = (spec: HubSpec) => {
    const plan = comparePeople(spec, options)
    return {...plan, removed: plan.removed.filter((login) => options.dryRun || options.agreed.includes(login))}
  }
  const {hub, before, outcome, changes, passwords} = await changeSpec(context, {
    edit: (source, spec) => editSource(source, limited(spec)),
    dryRun: options.dryRun,
  })
  const {addresses} = await hub.engine.platform.status(hub.spec)
  return {...limited(before), outcome, changes, passwords, url: usableUrl(addresses), addresses}
}

function comparePeople(spec: HubSpec, {rows, source, group, removeAbsent}: UserImportOptions): ImportPlan {
  const common = group === undefined ? undefined : normaliseGroupName(group)
  const {people, notes} = assignLogins(rows, spec.users, source)
  const planned = people.map((person): PlannedPerson => {
    const whole = {...person, groups: [...new Set([...(common === undefined ? [] : [common]), ...person.groups])]}
    return {...whole, state: stateOf(whole, spec)}
  })
  const listed = new Set(planned.map(({login}) => login))
  const absent = [...spec.users].filter(
    ([login, user]) => !listed.has(login) && !user.admin && (common === undefined || user.groups.includes(common)),
  )
  return {
    people: planned,
    removed: removeAbsent ? absent.map(([login]) => login) : [],
    newGroups: [...new Set(planned.flatMap(({groups}) => groups))].filter((name) => !spec.groups.has(name)),
    notes,
  }
}

function stateOf({login, name, email, groups}: ImportedPerson, {users}: HubSpec): PlannedPerson['state'] {
  const user = users.get(login)
  if (user === undefined) return 'new'
  const isSame =
    (name === undefined || name === user.name) &&
    (email === undefined || email === user.email) &&
    groups.every((group) => user.groups.includes(group))
  return isSame ? 'unchanged' : 'changed'
}

function editSource(source: string, {people, removed, newGroups}: ImportPlan): string {
  const differing = people.filter(({state}) => state !== 'unchanged')
  const withGroups = newGroups.reduce(addGroup, source)
  const changes = differing.map(({login, name, email, groups}) => {
    const said = definedOnly({name, email})
    return [login, {...said, addGroups: groups}] as const
  })
  const withPeople = changes.length === 0 ? withGroups : putUsers(withGroups, new Map(changes))
  return removed.length === 0 ? withPeople : removeUsers(withPeople, removed)
}
