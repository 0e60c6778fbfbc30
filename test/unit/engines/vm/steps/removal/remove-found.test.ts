import {expect, it} from 'vitest'
import {removeLeftovers} from '../../../../../../src/engines/vm/steps/removal/remove-leftovers.js'
import {fakeMachine} from '../../../../../fakes/fake-machine.js'

it('counts what bears nothing but a hash', async () => {
  const {machine} = fakeMachine(8000)
  const {files, layout} = machine
  await files.makeDirectory(`${layout.configurations}/aed6ba4c7c55`)
  await files.makeDirectory(`${layout.configurations}/ffc1b2a3d4e5`)
  await files.makeDirectory(`${layout.environments}/hub-1f2e3d4c5b6a`)
  await files.makeDirectory(`${layout.environments}/image-plot-000000000000`)
  const step = removeLeftovers(
    {
      ...machine,
      supervisor: {
        ...machine.supervisor,
        status: () => Promise.resolve({state: 'running', pid: 1, fingerprint: undefined, generation: '1'}),
      },
    },
    () => Promise.resolve([]),
  )
  expect((await step.check())?.summary).toBe('remove 1 old environment, 2 old configurations')
})
