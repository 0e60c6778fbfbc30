import type {Host} from '../../host/host.js'
import type {HubSpec} from '../../spec/hub-spec.js'
import type {Machine} from './machines/machine.js'
import {processMachine} from './machines/process-machine.js'

export interface MachineChoice {
  readonly machine: Machine
  /** Which was taken and why, when the spec left it open. */
  readonly because?: string
}

/** The one switch from what the spec says to a machine. */
export function chooseMachine(
  spec: HubSpec,
  host: Host,
  places: {readonly state: string; readonly data: string},
): Promise<MachineChoice> {
  const machine = processMachine(host, {root: places.state, data: places.data})
  return Promise.resolve(
    spec.vm.machine === 'auto'
      ? {machine, because: 'auto took the process machine: it works everywhere, without root and without Docker'}
      : {machine},
  )
}
