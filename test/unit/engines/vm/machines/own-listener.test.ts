import {afterEach, describe, expect, it} from 'vitest'
import {stop} from '../../../../../src/hub/stop.js'
import {up} from '../../../../../src/hub/up.js'
import {fakeContext} from '../../../../fakes/fake-context.js'
import type {EngineWorld} from '../../../../fakes/engine-world.js'
import {fakeMachine} from '../../../../fakes/fake-machine.js'
import {dockerWorld, hostWorld} from '../../../../fakes/systemd-worlds.js'

const worlds = [
  ['process', 18_771, fakeMachine],
  ['docker', 18_772, dockerWorld],
  ['host', 18_773, hostWorld],
] as const

describe.each(worlds)('the token of a hub on the %s machine', (_, port, make: (port: number) => EngineWorld) => {
  let world: EngineWorld
  afterEach(() => world.close())
  const bringUp = async () => {
    world = make(port)
    await up(fakeContext(world), {
      machine: 'process',
      port,
      admin: 'admin',
      mode: 'vm',
    })
    return world.engine('fake')
  }

  it('is given to nobody when a program of another account listens at the address of the hub', async () => {
    const engine = await bringUp()
    expect(await engine.connect()).toMatchObject({token: expect.any(String) as string})
    world.isForeign = true
    await expect(engine.connect()).rejects.toMatchObject({code: 'JHUB-E220'})
  })

  it('is given to nobody after the hub was stopped', async () => {
    const engine = await bringUp()
    await stop(fakeContext(world), {dryRun: false})
    expect(await engine.connect()).toBeUndefined()
    expect(world.files.entries.has('/state/fake/connection.json')).toBe(false)
  })
})
