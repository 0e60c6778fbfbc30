import {describe, expect, it} from 'vitest'
import {machineLayout} from '../../../../../src/engines/vm/machines/layout.js'
import {hubProcesses, type HubProcess} from '../../../../../src/engines/vm/services/stray-processes.js'
import {systemdSupervisor} from '../../../../../src/engines/vm/services/systemd/systemd-supervisor.js'
import {stopServices} from '../../../../../src/engines/vm/steps/stop-services.js'
import type {Machine} from '../../../../../src/engines/vm/machines/machine.js'
import {realClock} from '../../../../../src/host/real-clock.js'
import {fakeHubProcesses} from '../../../../fakes/fake-hub-processes.js'
import {answer} from '../../../../fakes/fake-programs.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'
import {newFault} from '../../../../fakes/fault.js'

const layout = machineLayout('/opt/jhub/fake', '/opt/jhub/fake.data')
const stray: HubProcess = {pid: 12, started: '345'}
const ofStoppedUnit: HubProcess = {pid: 13, started: '346', unit: 'jhub-fake.ana.server.service'}

function machine(found: readonly HubProcess[], isThere = true) {
  const files = memoryFiles(newFault())
  const run = () => Promise.resolve(answer())
  return systemdSupervisor(
    {files, run, layout, hubName: 'fake', isThere: () => Promise.resolve(isThere)},
    fakeHubProcesses(found),
    realClock,
  )
}

describe('processes of a hub that systemd does not hold any more', () => {
  it('count as something that is left, and end with the hub', async () => {
    const supervisor = machine([stray, ofStoppedUnit])
    const step = stopServices({supervisor} as Machine)
    expect(await step.check()).toMatchObject({summary: 'end 2 processes of the hub'})
    await step.apply({signal: new AbortController().signal, report: () => undefined, note: () => undefined})
    expect(await step.check()).toBeUndefined()
  })

  it('are none on a machine that does not run', async () => {
    expect(await machine([stray], false).countProcesses()).toBe(0)
  })

  it('that do not end are named', async () => {
    const agent = {
      isThere: () => Promise.resolve(true),
      ask: () => Promise.resolve([12]),
      unpack: () => Promise.resolve(),
    }
    await expect(hubProcesses(agent, layout, 'fake').end([stray])).rejects.toMatchObject({
      code: 'JHUB-E501',
      message: 'Processes of the hub are still running: 12',
    })
  })
})
