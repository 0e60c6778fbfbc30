import path from 'node:path'
import type {Host} from '../../../host/host.js'
import type {PortState} from '../../../host/processes/processes.js'
import {hubsBeside} from './hub-recovery.js'
import type {Layout} from './layout.js'
import {readLockFile} from '../packages/locks/lock-files.js'
import {readAsset} from '../../read-assets.js'
import type {Agent} from '../remote/agent.js'
import {installedProxy} from '../remote/install-proxy.js'
import {remoteFiles} from '../remote/remote-files.js'
import {remoteRun} from '../remote/remote-run.js'
import {systemdServers} from '../servers/systemd-servers.js'
import type {Machine, MachineBase, MachineFacts, MachineNetwork} from './machine.js'
import {hubProcesses} from '../services/stray-processes.js'
import type {SystemdMachine} from '../services/systemd/systemd-machine.js'
import {systemdSupervisor} from '../services/systemd/systemd-supervisor.js'

export interface SystemdMachineOptions extends Pick<Machine, 'title' | 'size'> {
  readonly host: Host
  readonly agent: Agent
  readonly hubName: string
  readonly layout: Layout
  readonly facts: MachineFacts
  readonly assets: string
  /** The machine is a container of this hub's alone, on networks of an engine. */
  readonly inContainer?: true
  readonly base: (run: Machine['run']) => MachineBase
  /** What the machine itself answers, where nothing is given. */
  readonly network: NetworkThere & Partial<AskedNetwork>
  /** Absent for a machine that was made to run it. */
  readonly runsSystemd?: () => Promise<boolean>
  /** Where the hubs of a place are not known by standing side by side. */
  readonly hubNames?: Machine['hubNames']
}

type AskedNetwork = Pick<MachineNetwork, 'portState' | 'lookUp' | 'freePort'>
type NetworkThere = Omit<MachineNetwork, keyof AskedNetwork>

/** A machine with systemd, behind an agent: what is the same in a container, on this host and behind ssh. */
export async function systemdMachine(options: SystemdMachineOptions): Promise<Machine> {
  const {host, agent, hubName, layout, facts, assets} = options
  const {title, size, network, runsSystemd} = options
  const files = remoteFiles(agent)
  const run: Machine['run'] = (argv, settings) => remoteRun(agent, argv, settings)
  const isThere = async () => (await agent.isThere()) && ((await runsSystemd?.()) ?? true)
  const systemd: SystemdMachine = {files, run, layout, hubName, isThere}
  const place = {files, run, layout, facts}
  return {
    ...place,
    title,
    hubNames: options.hubNames ?? (() => hubsBeside({files, layout})),
    size,
    network: {
      portState: async (port, address) => (await agent.ask('portState', {port, address})) as PortState,
      lookUp: async (name) => (await agent.ask('lookUp', {name})) as readonly string[],
      freePort: async (wanted) => Number(await agent.ask('freePort', {...wanted})),
      ...network,
    },
    supervisor: systemdSupervisor(systemd, hubProcesses(agent, layout, hubName), host.clock),
    servers: systemdServers({
      machine: systemd,
      facts,
      inContainer: options.inContainer === true,
      networkProgram: () => readAsset(host.files, path.join(assets, 'vm', 'jhub_network.py')),
    }),
    proxy: installedProxy({
      agent,
      machine: place,
      local: host.files,
      archives: host.archives,
      nodeLock: () => readLockFile(host.files, assets, 'node'),
    }),
    base: options.base(run),
  }
}
