import type {UnpackedBundle} from '../bundle/read-bundle.js'
import {definedOnly} from '../defined-only.js'
import type {Host} from '../host/host.js'
import type {HubSpec} from '../hub-spec/hub-spec.js'
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
  /** Where everything comes from in place of the internet. */
  readonly bundle?: UnpackedBundle
  /** Asks the person before something is put on the machine itself; no without somebody to ask. */
  readonly agree: (question: string) => Promise<boolean>
}

/** The one switch from what the spec says to where a hub runs. Loads only what the choice needs. */
export async function chooseEngine(spec: HubSpec, host: Host, places: EnginePlaces): Promise<EngineChoice> {
  if (spec.mode === 'k8s') return chooseKubernetes(spec, host, places)
  const [{vmEngine}, {hubLock}, {chooseMachine}] = await Promise.all([
    import('./vm/vm-engine.js'),
    import('./vm/packages/hub-lock.js'),
    import('./vm/machines/choose-machine.js'),
  ])
  const {because, ...choice} = await chooseMachine(spec, host, places)
  const engine = vmEngine({
    ...choice,
    clock: host.clock,
    local: host.files,
    checksums: host.checksums,
    processes: host.processes,
    assets: places.assets,
    hubLock: hubLock(spec.auth),
    state: places.state,
    ...definedOnly({bundle: places.bundle}),
  })
  return because === undefined ? {engine} : {engine, because}
}

async function chooseKubernetes(spec: HubSpec, host: Host, places: EnginePlaces): Promise<EngineChoice> {
  const [{kubernetesEngine}, {chooseCluster}] = await Promise.all([
    import('./kubernetes/kubernetes-engine.js'),
    import('./kubernetes/clusters/choose-cluster.js'),
  ])
  const cluster = chooseCluster(spec, host, places)
  return {engine: kubernetesEngine({cluster, clock: host.clock, assets: places.assets, spec})}
}
