import {afterEach, beforeEach, expect, it} from 'vitest'
import {cards} from '../../src/hub/cards.js'
import {plan} from '../../src/hub/plan.js'
import {findRoomUrl} from '../../src/hub/session/find-url.js'
import {up} from '../../src/hub/up.js'
import {userAdd} from '../../src/hub/user/user-add.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'
import {quietPort} from '../fakes/quiet-port.js'

let addresses: readonly string[]
let port: number
let world: World
beforeEach(async () => {
  addresses = ['192.168.1.5']
  port = await quietPort()
  const make = (at: number) => {
    const fake = fakeMachine(at)
    Object.assign(fake.machine.network, {roomAddresses: () => addresses})
    return fake
  }
  world = vmWorld(make, () => `port: ${String(port)}, lan: true`)(port)
  await up(world.context(), {dryRun: false, keepOnFailure: false})
})
afterEach(() => world.close())

it('a hub on a computer that comes into another network has the address of that one, and nothing restarts', async () => {
  const names = {names: ['ana'], admin: false, groups: [], passwords: new Map<string, string>(), dryRun: false}
  await userAdd(world.context(), names)
  const before = world.hubFingerprint()
  for (const each of ['192.168.1.5', '10.20.0.9']) {
    addresses = [each]
    const url = `http://${each}:${String(port)}`
    expect((await findRoomUrl(world.context())).url).toBe(url)
    const made = await cards(world.context(), {mayRenew: () => Promise.resolve(false)})
    expect(made.cards.map(({loginUrl}) => loginUrl)).toEqual([`${url}/hub/login?username=ana`])
  }
  expect((await plan(world.context())).changes).toEqual([])
  await up(world.context(), {dryRun: false, keepOnFailure: false})
  expect(world.hubFingerprint()).toEqual(before)
})

it('a computer without a network says so where people of the room need an address', async () => {
  addresses = []
  await expect(findRoomUrl(world.context())).rejects.toMatchObject({code: 'JHUB-E204'})
})
