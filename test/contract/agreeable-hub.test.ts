import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {JhubError} from '../../src/errors.js'
import {cards} from '../../src/hub/cards.js'
import {groupAdd} from '../../src/hub/group/group-add.js'
import {groupSet} from '../../src/hub/group/group-set.js'
import {limitsSet} from '../../src/hub/limits/limits-change.js'
import {up} from '../../src/hub/up.js'
import {groupPasswords} from '../../src/hub/user/group-passwords.js'
import {userAdd} from '../../src/hub/user/user-add.js'
import {userPassword} from '../../src/hub/user/user-password.js'
import {userRemove} from '../../src/hub/user/user-remove.js'
import {userSet} from '../../src/hub/user/user-set.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'
import {quietPort} from '../fakes/quiet-port.js'

const dryRun = false

describe('a hub that agrees to every change and makes none', () => {
  let world: World

  beforeAll(async () => {
    const port = await quietPort()
    world = vmWorld(fakeMachine)(port)
    await up(world.context(), {dryRun, machine: 'process', port, admin: 'admin', mode: 'vm'})
    await groupAdd(world.context(), {names: ['ta'], dryRun})
    await userAdd(world.context(), {names: ['ana'], admin: false, groups: ['ta'], passwords: new Map(), dryRun})
    if (world.hubState === undefined) throw new Error('no hub')
    world.hubState.agreesOnly = true
  })
  afterAll(() => world.close())

  it.each<[string, () => Promise<unknown>]>([
    [
      'user add',
      () => userAdd(world.context(), {names: ['ben'], admin: false, groups: [], passwords: new Map(), dryRun}),
    ],
    ['user remove', () => userRemove(world.context(), {names: ['ana'], deleteData: false, dryRun})],
    ['user set', () => userSet(world.context(), {name: 'ana', admin: true, addGroups: [], removeGroups: [], dryRun})],
    ['user password', () => userPassword(world.context(), 'ana', undefined)],
    ['user password --group', () => groupPasswords(world.context(), 'ta', () => Promise.resolve({stop: false}))],
    [
      'cards --new-passwords',
      () => {
        world.hubState?.passwords.set('ana', 'abcd-efgh-jkmn')
        return cards(world.context(), {address: 'http://192.0.2.7:8000', mayRenew: () => Promise.resolve(true)})
      },
    ],
    ['group add', () => groupAdd(world.context(), {names: ['staff'], dryRun})],
    ['group set', () => groupSet(world.context(), {name: 'ta', add: ['admin'], remove: ['ana'], dryRun})],
    ['limits set', () => limitsSet(world.context(), {scope: {kind: 'default'}, values: {memory: '2G'}, dryRun})],
  ])('is not believed: %s', async (_, type) => {
    const failure = await type().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(JhubError)
    expect(failure).toMatchObject({code: 'JHUB-E210', message: expect.stringContaining('did not') as string})
  })
})
