import {describe, expect, it} from 'vitest'
import {plan} from '../../src/hub/plan.js'
import {up} from '../../src/hub/up.js'
import type {FakeHubState} from '../fakes/fake-hub-state.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {dockerWorld} from '../fakes/systemd-worlds.js'
import {kubernetesWorld} from './kubernetes-world.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'
import {quietPort} from '../fakes/quiet-port.js'

const worlds = [
  ['processes', vmWorld(fakeMachine)],
  ['a container', vmWorld(dockerWorld)],
  ['kubernetes', kubernetesWorld],
] as const

async function withHub(
  make: (port: number) => World,
  act: (world: World, state: FakeHubState, again: () => ReturnType<typeof up>) => Promise<void>,
): Promise<void> {
  const port = await quietPort()
  const world = make(port)
  const options = {machine: 'process', port, admin: 'admin'} as const
  const bringUp = () => up(world.context(), {...options, mode: world.mode})
  try {
    await bringUp()
    if (world.hubState === undefined) throw new Error('no hub')
    await act(world, world.hubState, bringUp)
  } finally {
    await world.close()
  }
}

describe('a hub that is busy, as while a class starts its servers', () => {
  it.each(worlds)('is not taken for one that does not answer: %s', async (_, make) => {
    await withHub(make, async (world, state) => {
      state.busyMs = 2_500
      expect((await plan(world.context())).changes).toEqual([])
    })
  })
})

describe('a hub that boots, as after its machine was started again', () => {
  it.each(worlds)('is waited for, and not started once more: %s', async (_, make) => {
    await withHub(make, async (world, state, bringUp) => {
      const [running, count] = [world.running(), world.changes.length]
      state.looksInVain = 12
      const {changes, passwords} = await bringUp()
      expect(changes.map(({summary}) => summary).join()).toMatch(/wait (for|until) JupyterHub/)
      expect(passwords).toEqual({})
      expect(state.looksInVain).toBe(0)
      expect(world.running()).toEqual(running)
      expect(world.changes.slice(count).join()).not.toMatch(/stop hub|start hub|upgrade/)
    })
  })
})
