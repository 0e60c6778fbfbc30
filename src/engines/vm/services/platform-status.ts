import {definedOnly} from '../../../defined-only.js'
import type {HubConnection} from '../../../jupyterhub/hub-connection.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {PlatformStatus} from '../../engine.js'
import {vmAddresses} from '../configuration/vm-addresses.js'
import type {Machine} from '../machines/machine.js'
import {serviceNames, type ServiceState} from './supervisor.js'
import {certificateStatus} from '../https/certificate-status.js'

export interface StatusOptions {
  readonly machine: Machine
  readonly connect: () => Promise<HubConnection | undefined>
  readonly spec: HubSpec
  /** What jhub keeps of the hub on its own machine. */
  readonly state: string
}

/** What runs on the machine and what room it has; of one that is away, what can be said all the same. */
export async function platformStatus({machine, connect, spec, state}: StatusOptions): Promise<PlatformStatus> {
  const {files, layout, supervisor, base} = machine
  const {access} = spec
  const names = serviceNames.filter((name) => name !== 'https' || access.https?.by === 'acme')
  const isThere = (await base?.isThere()) ?? true
  const [certificate, services, freeBytes, homes, size, forks] = await Promise.all([
    certificateStatus({machine, connect, access, state}),
    Promise.all(names.map(async (name) => ({name, ...shown(await supervisor.status(name))}))),
    isThere ? files.freeBytes(layout.data) : undefined,
    isThere ? files.list(layout.homes) : undefined,
    machine.size(),
    isThere ? machine.servers.forks?.(spec) : undefined,
  ])
  return {
    addresses: vmAddresses(machine, access, certificate?.names ?? []),
    services,
    ...(freeBytes === undefined ? {} : {disk: {freeBytes}}),
    memory: {totalBytes: size.memoryBytes},
    cpu: {cores: size.cores},
    homes: {
      path: layout.homes,
      ...definedOnly({volume: base?.dataVolume}),
      count: isThere ? (homes?.length ?? 0) : null,
    },
    ...definedOnly({forks, certificate}),
  }
}

function shown(service: ServiceState) {
  return {state: service.state, ...(service.state === 'running' ? {pid: service.pid} : {})}
}
