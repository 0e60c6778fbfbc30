import type {Host} from '../host/host.js'
import type {HubSpec} from '../spec/hub-spec.js'
import type {Engine} from './engine.js'

export interface EngineChoice {
  readonly engine: Engine
  /** Which machine was taken and why, when the spec left it open. */
  readonly because?: string
}

export interface EnginePlaces {
  /** What `down` removes. */
  readonly state: string
  /** What `down` keeps. */
  readonly data: string
  readonly assets: string
}

/** The one switch from what the spec says to where a hub runs. Loads only what the choice needs. */
export async function chooseEngine(spec: HubSpec, host: Host, places: EnginePlaces): Promise<EngineChoice> {
  const [{vmEngine}, {processMachine}] = await Promise.all([
    import('./vm/vm-engine.js'),
    import('./vm/machines/process-machine.js'),
  ])
  const machine = processMachine(host, {root: places.state, data: places.data})
  const engine = vmEngine({machine, clock: host.clock, assets: places.assets, hubName: spec.name})
  return spec.vm.machine === 'auto'
    ? {engine, because: 'auto took the process machine: it works everywhere, without root and without Docker'}
    : {engine}
}
