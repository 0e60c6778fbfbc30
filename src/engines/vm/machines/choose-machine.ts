import path from 'node:path'
import type {UnpackedBundle} from '../../../bundle/read-bundle.js'
import type {Host} from '../../../host/host.js'
import type {HubSpec, MachineName} from '../../../hub-spec/hub-spec.js'
import {definedOnly} from '../../../defined-only.js'
import {findHostRights} from './host/host-rights.js'
import {machineRecord} from './machine-record.js'
import type {Machine} from './machine.js'
import {processMachine} from './process-machine.js'

export interface MachineChoice {
  readonly machine: Machine
  readonly name: ChosenName
  /** Which was taken and why, when the spec left it open. */
  readonly because?: string
  /** The spec names another machine than the one on which the hub stands. */
  readonly isElsewhere: boolean
}

export interface MachinePlaces {
  readonly state: string
  readonly data: string
  readonly assets: string
  /** Where packages come from in place of the internet. */
  readonly bundle?: UnpackedBundle
  /** Asks the person; no without somebody to ask. */
  readonly agree: (question: string) => Promise<boolean>
}

type ChosenName = Exclude<MachineName, 'auto'>

/** Chooses the machine that the spec names, or the one that the hub is already on. Nothing else compares names of machines. */
export async function chooseMachine(spec: HubSpec, host: Host, places: MachinePlaces): Promise<MachineChoice> {
  const wanted = spec.vm.machine
  const recorded = (await machineRecord(host.files, places.state).read()) ?? (await findOlder(host, places))
  const isElsewhere = recorded !== undefined && wanted !== 'auto' && recorded !== wanted
  const known = recorded ?? (wanted === 'auto' ? undefined : wanted)
  if (known !== undefined) return {machine: await machineOf(known, spec, host, places), name: known, isElsewhere}
  const {name, because} = await decide(spec, host, places)
  return {machine: await machineOf(name, spec, host, places), name, because, isElsewhere: false}
}

/** A hub from before machines were recorded. */
async function findOlder(host: Host, {state}: MachinePlaces): Promise<ChosenName | undefined> {
  return (await host.files.stat(path.join(state, 'secrets.json'))) === undefined ? undefined : 'process'
}

async function decide(
  spec: HubSpec,
  host: Host,
  places: MachinePlaces,
): Promise<{readonly name: ChosenName; readonly because: string}> {
  const engine = await host.docker.look()
  if (!('silent' in engine)) {
    return {
      name: 'docker',
      because: `auto chose the docker machine: Docker ${engine.version} answers, and a hub in a container is separate from the rest of this computer`,
    }
  }
  const rights = await findHostRights(host)
  if (rights !== undefined) {
    const question = `Docker does not answer. Put the hub on this machine itself, by systemd? jhub creates /opt/jhub, the units jhub-${spec.name}.*, and an account for each person here; \`jhub down\` removes them.`
    if (await places.agree(question))
      return {
        name: 'host',
        because: `auto chose the host machine: Docker does not answer, and systemd runs here (${rights})`,
      }
  }
  const why =
    rights === undefined
      ? 'this machine has no systemd, or you cannot use root or sudo'
      : 'nobody agreed to put the hub on this machine itself (--yes agrees)'
  return {
    name: 'process',
    because: `auto chose the process machine: Docker does not answer, and ${why}. It works everywhere, for people you trust`,
  }
}

async function machineOf(name: ChosenName, spec: HubSpec, host: Host, places: MachinePlaces): Promise<Machine> {
  if (name === 'process')
    return processMachine(
      host,
      {root: places.state, data: places.data, assets: places.assets},
      spec.name,
      places.bundle,
    )
  if (name === 'docker') {
    const {dockerMachine} = await import('./docker/docker-machine.js')
    return dockerMachine(host, spec.name, places.assets, places.bundle)
  }
  if (name === 'host') {
    const {hostMachine} = await import('./host/host-machine.js')
    return hostMachine(host, spec.name, places.assets, places.bundle)
  }
  const {sshMachine} = await import('./ssh/ssh-machine.js')
  return sshMachine(host, {
    address: name,
    hubName: spec.name,
    assets: places.assets,
    ...definedOnly({bundle: places.bundle}),
  })
}
