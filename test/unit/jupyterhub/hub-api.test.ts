import fc from 'fast-check'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../../src/errors.js'
import {ensureGroups} from '../../../src/jupyterhub/people/ensure-groups.js'
import {ensureLimits, describePolicyChange} from '../../../src/jupyterhub/people/ensure-limits.js'
import {ensureUsers} from '../../../src/jupyterhub/people/ensure-users.js'
import {generatePassword} from '../../../src/jupyterhub/people/generate-password.js'
import type {HubApi} from '../../../src/jupyterhub/hub-api.js'
import {createHubApi} from '../../../src/jupyterhub/create-hub-api.js'
import type {HubSpec} from '../../../src/hub-spec/hub-spec.js'
import {startFakeHub, type FakeHub} from '../../fakes/fake-hub.js'
import {newHubState} from '../../fakes/fake-hub-state.js'

const token = 'a'.repeat(64)
let hub: FakeHub
let api: HubApi

beforeEach(async () => {
  hub = await startFakeHub({token})
  api = createHubApi({url: hub.url, token})
})
afterEach(() => hub.close())

async function failureOf(action: Promise<unknown>): Promise<JhubError> {
  const failure = await action.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(JhubError)
  return failure as JhubError
}

describe('the hub', () => {
  it('lists everybody, however many pages it takes', async () => {
    const names = Array.from({length: 431}, (_, index) => `user-${String(index)}`)
    await api.createUsers(names)
    expect((await api.users()).map(({name}) => name)).toEqual(names)
  })

  it('takes names of every kind', async () => {
    for (const name of ['ana@uni.example', 'josé', '李雷', '20251234']) {
      await api.createUsers([name])
      expect((await api.user(name))?.name).toBe(name)
      await api.deleteUser(name)
      expect(await api.user(name)).toBeUndefined()
    }
  })

  it('says that it is not running, and how to mend it, without the token', async () => {
    await hub.close()
    const failure = await failureOf(api.users())
    expect(failure).toMatchObject({code: 'JHUB-E204', suggestions: ['jhub up', 'jhub status']})
    expect(JSON.stringify([failure.message, String(failure.cause)])).not.toContain(token)
  })

  it('says what it refused in its own words', async () => {
    const stranger = createHubApi({url: hub.url, token: 'wrong'})
    expect((await failureOf(stranger.users())).message).toContain(
      '403 to GET /users?limit=200&offset=0: Missing or invalid credentials.',
    )
    await api.createUsers(['ana'])
    expect(await failureOf(api.setPasswords(new Map([['ana', 'short']]), false))).toMatchObject({
      code: 'JHUB-E105',
      exitCode: 2,
    })
  })

  it('starts and stops servers and tells why one did not start', async () => {
    await api.createUsers(['ana', 'ben'])
    hub.state.failingSpawns.set('ben', 'no such environment')
    const lines: string[] = []
    await api.startServer('ana', {onProgress: (line) => lines.push(line)})
    expect(lines).toEqual(['Server requested'])
    expect((await api.user('ana'))?.server?.ready).toBe(true)
    await api.startServer('ana')
    expect((await failureOf(api.startServer('ben'))).message).toContain('no such environment')
    expect((await failureOf(api.startServer('nobody'))).code).toBe('JHUB-E302')
    await api.stopServer('ana')
    expect((await api.user('ana'))?.server).toBeUndefined()
  })

  it('stops a server whose start hangs, which the hub refuses at first', async () => {
    await api.createUsers(['ana'])
    hub.state.users.set('ana', {admin: false, server: 'starting'})
    await api.stopServer('ana')
    expect((await api.user('ana'))?.server).toBeUndefined()
  })

  it('stops the server of whom it removes', async () => {
    await api.createUsers(['ana'])
    await api.startServer('ana')
    await api.deleteUser('ana')
    expect(hub.requests).toContain('DELETE /hub/api/users/ana/server')
    await api.deleteUser('ana')
  })
})

type People = Pick<HubSpec, 'users' | 'groups'>

const people: fc.Arbitrary<People> = fc
  .record({
    groups: fc.subarray(['ta', 'lab', 'class-a']),
    users: fc.dictionary(
      fc.constantFrom('ana', 'ben', 'cleo', 'dan', 'eva@uni.example'),
      fc.record({admin: fc.boolean(), groups: fc.subarray(['ta', 'lab', 'class-a'])}),
    ),
  })
  .map(({groups, users}) => ({
    groups: new Map(groups.map((name) => [name, {limits: {}}])),
    users: new Map(
      Object.entries(users).map(([name, user]) => [
        name,
        {admin: user.admin, groups: user.groups.filter((each) => groups.includes(each)), limits: {}},
      ]),
    ),
  }))

const context = () => ({signal: new AbortController().signal, report: () => undefined, note: () => undefined})

describe('people and groups', () => {
  it('become what the spec says from whatever there was, and strangers stay', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(people, {nil: undefined}), people, async (applied, spec) => {
        Object.assign(hub.state, newHubState())
        hub.state.users.set('stranger', {admin: true, server: undefined})
        hub.state.groups.set('foreign', {members: new Set(['stranger']), properties: {}})
        for (const wanted of [applied, spec].filter((each) => each !== undefined)) {
          const before = wanted === spec ? applied : undefined
          const steps = [
            ensureUsers({
              connect: async () => api,
              spec: wanted,
              applied: before,
              passwords: new Map(),
              issued: new Map(),
            }),
            ensureGroups({connect: async () => api, spec: wanted, applied: before}),
          ]
          for (const step of steps) {
            if ((await step.check()) !== undefined) await step.apply(context())
            expect(await step.check()).toBeUndefined()
          }
        }
        const found = await api.users()
        const ours = found.filter(({name}) => name !== 'stranger')
        expect(new Map(ours.map(({name, admin, groups}) => [name, {admin, groups: groups.toSorted()}]))).toEqual(
          new Map([...spec.users].map(([name, {admin, groups}]) => [name, {admin, groups: groups.toSorted()}])),
        )
        expect([...hub.state.passwords.keys()].sort()).toEqual([...spec.users.keys()].sort())
        expect(found.find(({name}) => name === 'stranger')).toMatchObject({admin: true, groups: ['foreign']})
      }),
      {numRuns: 40},
    )
  })

  it('are made by a handful of requests, however many there are', async () => {
    const names = Array.from({length: 1000}, (_, index) => `user-${String(index)}`)
    const spec = {
      users: new Map(names.map((name) => [name, {admin: false, groups: [], limits: {}}])),
      groups: new Map(),
    }
    const issued = new Map<string, string>()
    await ensureUsers({connect: async () => api, spec, applied: undefined, passwords: new Map(), issued}).apply(
      context(),
    )
    expect(issued.size).toBe(1000)
    expect(new Set(issued.values()).size).toBe(1000)
    expect(hub.requests.filter((request) => !request.startsWith('GET'))).toEqual([
      'POST /hub/api/users',
      'PUT /hub/api/jhub/passwords',
    ])
  })

  it('are all new while there is no hub', async () => {
    const spec = {users: new Map([['ana', {admin: true, groups: [], limits: {}}]]), groups: new Map()}
    const step = ensureUsers({
      connect: async () => undefined,
      spec,
      applied: undefined,
      passwords: new Map(),
      issued: new Map(),
    })
    expect((await step.check())?.summary).toBe('add ana as an admin')
  })

  it('are taken back when the run fails later, and only those it added', async () => {
    await api.createUsers(['ana'])
    const spec = {
      users: new Map(['ana', 'ben'].map((name) => [name, {admin: false, groups: [], limits: {}}])),
      groups: new Map(),
    }
    const step = ensureUsers({
      connect: async () => api,
      spec,
      applied: undefined,
      passwords: new Map(),
      issued: new Map(),
    })
    await step.apply(context())
    await step.undo?.()
    expect([...hub.state.users.keys()]).toEqual(['ana'])
  })
})

describe('limits', () => {
  const spec = (memoryBytes: number) => ({
    users: new Map(),
    groups: new Map(),
    images: new Map(),
    limits: {default: {memoryBytes}, total: {servers: 4}},
  })

  it('are kept on a group without members and read back', async () => {
    const step = ensureLimits({connect: async () => api, spec: spec(1024 ** 3)})
    expect(await step.check()).toMatchObject({
      summary: 'default memory 1G (new), total servers 4 (new)',
      disturbs: 'live',
    })
    await step.apply(context())
    expect(await step.check()).toBeUndefined()
    expect(hub.state.groups.get('jhub-policy')).toMatchObject({
      members: new Set(),
      properties: {policy: {default: {mem_limit: 1024 ** 3}}},
    })
    const next = ensureLimits({connect: async () => api, spec: spec(2 * 1024 ** 3)})
    expect((await next.check())?.summary).toBe('default memory 1G → 2G')
    await next.apply(context())
    await next.undo?.()
    expect(hub.state.groups.get('jhub-policy')?.properties).toMatchObject({policy: {default: {mem_limit: 1024 ** 3}}})
  })

  it('are described by what differs', () => {
    const empty = {version: 1, default: {}, groups: {}, users: {}, total: {}} as const
    expect(describePolicyChange({...empty, users: {ben: {cpu_limit: 2}}}, empty)).toBe('user ben cpu 2 (removed)')
    const names = {ana: 'Ana Núñez', ben: 'Ben'}
    expect(describePolicyChange(empty, {...empty, names})).toBe("names of 2 people on the hub's pages")
    expect(describePolicyChange({...empty, names}, {...empty, names: {ana: 'Ana Núñez'}})).toBe(
      "names of 1 person on the hub's pages",
    )
  })
})

it('passwords are readable and never the same', () => {
  const passwords = Array.from({length: 2000}, generatePassword)
  expect(new Set(passwords).size).toBe(2000)
  for (const password of passwords) expect(password).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}$/)
})
