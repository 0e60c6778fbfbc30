import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import type {HubApi} from '../../../../src/jupyterhub/hub-api.js'
import {createHubApi} from '../../../../src/jupyterhub/create-hub-api.js'
import {startFakeHub, type FakeHub} from '../../../fakes/fake-hub.js'

describe('a hub that goes away in the middle of a command', () => {
  const token = 'secret'
  let hub: FakeHub
  let api: HubApi
  let told: string[]
  const make = (silentMs?: number) =>
    createHubApi(
      {url: hub.url, token},
      {onWait: (text) => told.push(text), ...(silentMs === undefined ? {} : {silentMs})},
    )
  beforeEach(async () => {
    hub = await startFakeHub({token})
    told = []
    api = make()
  })
  afterEach(() => hub.close())

  it.each<[string, (api: HubApi) => Promise<unknown>]>([
    ['people added', (of) => of.createUsers(['ben'])],
    ['limits set', (of) => of.setGroupProperties('policy', {policy: 1})],
    ['a person read', (of) => of.user('ana')],
    ['a person removed', (of) => of.deleteUser('ana')],
    ['a server stopped', (of) => of.stopServer('ana')],
    ['a server started', (of) => of.startServer('ana')],
  ])('is waited for, and that is said: %s', async (_, action) => {
    await api.createUsers(['ana'])
    await api.createGroup('policy')
    hub.state.restartsAfter = 0
    await action(api)
    expect(told.join()).toMatch(/^The hub does not answer; waiting for it to come back \([A-Z]+ \//)
  })

  it('does what was asked once', async () => {
    await api.createUsers(['ana'])
    hub.state.restartsAfter = 0
    await api.createUsers(['ben', 'cid'])
    expect([...hub.state.users.keys()]).toEqual(['ana', 'ben', 'cid'])
  })

  it('and does not come back ends with the cause', async () => {
    const impatient = make(0)
    await impatient.users()
    await hub.close()
    await expect(impatient.users()).rejects.toMatchObject({code: 'JHUB-E204', cause: expect.any(Error) as unknown})
  })

  it('is looked at before the token is sent there again', async () => {
    const taken = new JhubError('JHUB-E220', 'a program of another account listens there')
    const careful = createHubApi({url: hub.url, token}, {beforeAgain: () => Promise.reject(taken)})
    await careful.users()
    hub.state.restartsAfter = 0
    const {length} = hub.requests
    await expect(careful.users()).rejects.toBe(taken)
    expect(hub.requests.slice(length).filter((request) => request.includes('/users'))).toHaveLength(1)
  })

  it('is not waited for where it has never answered', async () => {
    hub.state.restartsAfter = 0
    await expect(api.users()).rejects.toMatchObject({code: 'JHUB-E204'})
    expect(told).toEqual([])
  })
})
