import {describe, expect, it} from 'vitest'
import {realHost} from '../../src/host/real-host.js'
import {plan} from '../../src/hub/plan.js'
import {up} from '../../src/hub/up.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {kubernetesWorld} from './kubernetes-world.js'
import {vmWorld} from './vm-world.js'

describe('a hub that is busy, as while a class starts its servers', () => {
  it.each([
    ['one machine', vmWorld(fakeMachine)],
    ['kubernetes', kubernetesWorld],
  ])('is not taken for one that does not answer: %s', async (_, make) => {
    const port = await realHost().processes.freePort()
    const world = make(port)
    try {
      const options = {machine: 'process', port, admin: 'admin'} as const
      await up(world.context(), {...options, mode: world.mode})
      if (world.hubState === undefined) throw new Error('no hub')
      world.hubState.busyMs = 2_500
      expect((await plan(world.context())).changes).toEqual([])
    } finally {
      await world.close()
    }
  })
})
