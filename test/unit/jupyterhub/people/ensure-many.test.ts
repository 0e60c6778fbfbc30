import {describe, expect, it} from 'vitest'
import {ensureGroups} from '../../../../src/jupyterhub/people/ensure-groups.js'
import {ensureUsers} from '../../../../src/jupyterhub/people/ensure-users.js'
import type {HubApi} from '../../../../src/jupyterhub/hub-api.js'
import type {HubUser} from '../../../../src/jupyterhub/hub-model.js'
import type {StepContext} from '../../../../src/steps/step.js'

/** More than JavaScript takes as arguments of one call. */
const many = 150_000
const names = Array.from({length: many}, (_, n) => `user-${String(n)}`)
const groupNames = Array.from({length: many}, (_, n) => `group-${String(n)}`)
const context: StepContext = {
  signal: new AbortController().signal,
  report: () => undefined,
  note: () => undefined,
}

function emptyHub() {
  const users = new Set<string>()
  const passwords = new Set<string>()
  const groups = new Map<string, string[]>()
  const api: Partial<HubApi> = {
    users: async () => [...users].map((name) => ({name, admin: false}) as HubUser),
    usersWithPassword: async () => passwords,
    createUsers: async (added) => {
      for (const name of added) users.add(name)
    },
    setPasswords: async (given) => {
      for (const name of given.keys()) passwords.add(name)
    },
    groups: async () => [...groups].map(([name, members]) => ({name, users: members, properties: {}})),
    createGroup: async (name) => {
      groups.set(name, [])
    },
    addToGroup: async (group, added) => {
      groups.set(group, [...added])
    },
  }
  return {users, passwords, groups, connect: async () => api as HubApi}
}

describe('as many people as a university has', () => {
  it('are added, each with a password', async () => {
    const {users, passwords, connect} = emptyHub()
    const spec = {users: new Map(names.map((name) => [name, {admin: false, groups: [], limits: {}}]))}
    const step = ensureUsers({connect, spec, applied: undefined, passwords: new Map(), issued: new Map()})
    await step.apply(context)
    expect([users.size, passwords.size]).toEqual([many, many])
  })

  it('are put into a group', async () => {
    const {groups, connect} = emptyHub()
    const spec = {
      users: new Map(names.map((name) => [name, {admin: false, groups: ['all'], limits: {}}])),
      groups: new Map([['all', {limits: {}}]]),
    }
    await ensureGroups({connect, spec, applied: undefined}).apply(context)
    expect(groups.get('all')).toHaveLength(many)
  })

  it('may have as many groups', async () => {
    const {groups, connect} = emptyHub()
    const spec = {users: new Map(), groups: new Map(groupNames.map((name) => [name, {limits: {}}]))}
    await ensureGroups({connect, spec, applied: undefined}).apply(context)
    expect(groups.size).toBe(many)
  })

  it('leave without asking the hub for everything in one moment', async () => {
    const everybody = names.slice(0, 1000)
    const there = new Set(everybody)
    const underWay = new Set<string>()
    let most = 0
    const api: Partial<HubApi> = {
      users: async () => [...there].map((name) => ({name, admin: false}) as HubUser),
      usersWithPassword: async () => new Set(),
      setPasswords: async () => undefined,
      createUsers: async () => undefined,
      async deleteUser(name) {
        underWay.add(name)
        most = Math.max(most, underWay.size)
        await Promise.resolve()
        underWay.delete(name)
        there.delete(name)
      },
    }
    const spec = {users: new Map()}
    const step = ensureUsers({
      connect: async () => api as HubApi,
      spec,
      applied: spec,
      remove: everybody,
      passwords: new Map(),
      issued: new Map(),
    })
    await step.apply(context)
    expect(there.size).toBe(0)
    expect(most).toBeLessThanOrEqual(10)
  })
})
