import {JhubError} from '../../errors.js'
import {policyGroup} from '../../hub-spec/people/group-name.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import type {Change, Step} from '../../steps/step.js'
import {requireApi} from './ensure-users.js'
import type {HubApi} from '../hub-api.js'
import {listNames} from '../list-names.js'
import {someAtOnce} from '../requests/some-at-once.js'

type PeopleAndGroups = Pick<HubSpec, 'users' | 'groups'>

export interface GroupsOptions {
  readonly connect: () => Promise<HubApi | undefined>
  readonly spec: PeopleAndGroups
  readonly applied: PeopleAndGroups | undefined
  /** Whether a provider of the sign-in gives groups, which stay. Default: none does. */
  readonly hasProvider?: boolean
}

interface Difference {
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly join: readonly Membership[]
  readonly leave: readonly Membership[]
}

interface Membership {
  readonly group: string
  readonly names: readonly string[]
}

/** The groups of the hub and who is in them. Groups that neither spec names are left alone. */
export function ensureGroups({connect, spec, applied, hasProvider = false}: GroupsOptions): Step {
  const created: string[] = []
  return {
    title: 'Put people into groups',
    async check() {
      return describe(await differ(await connect(), {spec, applied, hasProvider}))
    },
    async apply() {
      const api = await requireApi(connect)
      const {add, remove, join, leave} = await differ(api, {spec, applied, hasProvider})
      for (const name of add) created.push(name)
      await someAtOnce(add, (name) => api.createGroup(name))
      await someAtOnce(join, ({group, names}) => api.addToGroup(group, names))
      await someAtOnce(leave, ({group, names}) => api.removeFromGroup(group, names))
      await someAtOnce(remove, (name) => api.deleteGroup(name))
      const left = describe(await differ(api, {spec, applied, hasProvider}))
      if (left !== undefined)
        throw new JhubError('JHUB-E210', `The hub did not accept every change to groups; still to do: ${left.summary}`)
    },
    async undo() {
      const api = await connect()
      if (api === undefined) return
      for (const name of created) await api.deleteGroup(name)
    },
  }
}

async function differ(
  api: HubApi | undefined,
  {spec, applied, hasProvider}: Required<Pick<GroupsOptions, 'spec' | 'hasProvider'>> & Pick<GroupsOptions, 'applied'>,
): Promise<Difference> {
  const there = await groupsOf(api, applied)
  const {given} = (hasProvider ? await api?.signIn() : undefined) ?? {}
  const isGiven = (name: string, group: string) => given?.get(name)?.groups.includes(group) === true
  const memberships = [...spec.groups.keys()].map((group) => {
    const wanted = new Set(membersOf(spec, group))
    const found = new Set(there.get(group))
    return {
      group,
      joining: [...wanted].filter((name) => !found.has(name)),
      leaving: [...found].filter((name) => !wanted.has(name) && isOurs(name, spec, applied) && !isGiven(name, group)),
    }
  })
  return {
    add: [...spec.groups.keys()].filter((name) => !there.has(name)),
    remove: [...(applied?.groups.keys() ?? [])].filter(
      (name) => !spec.groups.has(name) && there.has(name) && name !== policyGroup,
    ),
    join: memberships.flatMap(({group, joining}) => (joining.length === 0 ? [] : [{group, names: joining}])),
    leave: memberships.flatMap(({group, leaving}) => (leaving.length === 0 ? [] : [{group, names: leaving}])),
  }
}

/** Of a hub that does not answer, those that were last applied. */
async function groupsOf(
  api: HubApi | undefined,
  applied: PeopleAndGroups | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (api !== undefined) return new Map((await api.groups()).map(({name, users}) => [name, users]))
  return new Map(
    applied === undefined ? [] : [...applied.groups.keys()].map((name) => [name, membersOf(applied, name)]),
  )
}

function isOurs(name: string, spec: PeopleAndGroups, applied: PeopleAndGroups | undefined): boolean {
  return spec.users.has(name) || applied?.users.has(name) === true
}

function membersOf(spec: PeopleAndGroups, group: string): readonly string[] {
  return [...spec.users].flatMap(([name, {groups}]) => (groups.includes(group) ? [name] : []))
}

function describe({add, remove, join, leave}: Difference): Change | undefined {
  const parts = [
    ...(add.length === 0 ? [] : [`add group ${listNames(add)}`]),
    ...(remove.length === 0 ? [] : [`remove group ${listNames(remove)}`]),
    ...join.map(({group, names}) => `put ${listNames(names)} into ${group}`),
    ...leave.map(({group, names}) => `take ${listNames(names)} out of ${group}`),
  ]
  return parts.length === 0 ? undefined : {summary: parts.join('; '), disturbs: 'live'}
}
