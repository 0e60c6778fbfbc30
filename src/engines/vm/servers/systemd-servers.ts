import type {HubServer} from '../../../jupyterhub/hub-model.js'
import type {GroupLimits} from './cgroups/change-cgroup-limits.js'
import type {LimitsInForce} from '../../engine.js'
import {cgroupOf, groupAt, isLoweringSafe} from './cgroups/cgroup-of.js'
import type {CgroupTree} from './cgroups/cgroup-tree.js'
import {findCgroupTree} from './cgroups/cgroup.js'
import {readLimitsInForce} from './cgroups/limits-in-force.js'
import type {MachineFacts, ServerKeeper} from '../machines/machine.js'
import type {SystemdMachine} from '../services/systemd/systemd-machine.js'
import {ensureAdminRights} from '../steps/servers/ensure-admin-rights.js'
import {adminGroup} from './admin-group.js'
import {ensureNetworkRules, removeNetworkRules} from '../steps/servers/ensure-network-rules.js'
import {checkNetworkRules, networkNote, networkRules, networkSettings} from './network-rules.js'
import {readForks} from './forked-servers.js'
import {readUsage} from './cgroups/server-usage.js'
import {ensureTotal} from '../steps/servers/ensure-total.js'
import {readTotal, type TotalHolder} from './cgroups/read-total.js'
import {removeSlice} from '../steps/removal/remove-slice.js'
import {removeAccounts} from '../steps/removal/remove-accounts.js'
import {parseProperties, unitNames} from '../services/systemd/units.js'

interface SystemdServersOptions {
  readonly machine: SystemdMachine
  readonly facts: MachineFacts
  /** The machine is a container of this hub's alone, on networks of an engine. */
  readonly inContainer: boolean
  /** The text of `jhub_network.py`. */
  readonly networkProgram: () => Promise<string>
}

/** Servers as units of systemd, each in a slice that holds all of them together. */
export function systemdServers({machine, facts, inContainer, networkProgram}: SystemdServersOptions): ServerKeeper {
  const {files, run, layout, hubName, isThere} = machine
  const names = unitNames(hubName)
  const forNetwork = networkSettings(facts, inContainer)
  const network = networkRules({machine, settings: forNetwork, program: networkProgram})
  const tree = () => findCgroupTree(files, facts, hubName, 'systemd')

  const pidOf = async (unit: string): Promise<number | undefined> => {
    const {stdout} = await run(['systemctl', 'show', unit, '--property=MainPID'])
    const pid = Number(parseProperties(stdout).get('MainPID') ?? 0)
    return pid === 0 ? undefined : pid
  }
  const look = async (unit: string | undefined): Promise<LimitsInForce> => {
    const [pid, found] = [unit === undefined ? undefined : await pidOf(unit), await tree()]
    if (pid === undefined || found === undefined) return {memoryBy: 'not enforced', cpuBy: 'not enforced'}
    return readLimitsInForce(files, pid, found)
  }
  const holder: TotalHolder = {
    files,
    async find() {
      if (!(await isThere())) return undefined
      const {stdout} = await run(['systemctl', 'show', names.serversSlice, '--property=ActiveState,ControlGroup'])
      const [properties, found] = [parseProperties(stdout), await tree()]
      const place = properties.get('ControlGroup') ?? ''
      if (properties.get('ActiveState') !== 'active' || place === '' || found === undefined) return undefined
      return {name: names.serversSlice, group: groupAt(found, place)}
    },
    change: async (_, limits) => {
      await run(['systemctl', 'set-property', '--runtime', names.serversSlice, ...limitProperties(limits)])
    },
  }
  return {
    settings: {
      spawner: 'systemd',
      unitTemplate: names.serverTemplate,
      slice: names.serversSlice,
      accountPrefix: `${hubName}-`,
      adminGroup: adminGroup(hubName),
      ...forNetwork,
    },
    limitsInForce: (server) => look(unitOf(server)),
    async changeLimits(server, wanted) {
      const unit = unitOf(server)
      const [pid, found] = [unit === undefined ? undefined : await pidOf(unit), await tree()]
      if (unit === undefined || pid === undefined || found === undefined) return undefined
      const group = await cgroupOf(files, pid, found)
      if (group === undefined || !(await isLoweringSafe(files, group, wanted.memoryBytes?.value))) return undefined
      const limits = {memoryBytes: wanted.memoryBytes?.value, cpuCores: wanted.cpuCores?.value}
      await run(['systemctl', 'set-property', '--runtime', unit, ...limitProperties(limits)])
      return look(unit)
    },
    async usage(servers) {
      const pids = await Promise.all(
        servers.map(async (server) => {
          const unit = unitOf(server)
          return unit === undefined ? undefined : pidOf(unit)
        }),
      )
      return {servers: await readUsage(files, pids, await tree())}
    },
    totalInForce: () => readTotal(holder),
    forks: async ({vm}) => ((await isThere()) ? readForks(machine, vm.prefork) : undefined),
    limitSteps: ({limits}) => [ensureTotal(holder, limits.total)],
    preflight: (spec) => checkNetworkRules(network, spec),
    networkSteps: (spec) => [ensureNetworkRules(network, spec)],
    platformNotes: async (spec) => [
      "Each person has an account of their own and a private /tmp: nobody reads another's files.",
      limitsNote((await isThere()) ? ((await tree()) ?? 'none') : 'not there'),
      ...(await networkNote(network, spec)),
    ],
    upSteps: ({vm}) => [ensureAdminRights(machine, vm.adminSudo)],
    downSteps: () => [
      removeSlice(machine),
      ensureAdminRights(machine, false),
      removeNetworkRules(network),
      removeAccounts({...machine, homes: layout.homes}),
    ],
  }
}

/** Of a machine by its control groups, where it is there and has some. */
function limitsNote(found: CgroupTree | 'none' | 'not there'): string {
  if (found === 'not there') return 'When the machine is made, jhub looks whether systemd can enforce limits on it.'
  return found === 'none'
    ? 'Limits are not enforced: this machine has no control groups for systemd to use.'
    : `systemd enforces memory and CPU limits (cgroup v${String(found.version)}).`
}

function unitOf({state}: HubServer): string | undefined {
  const unit = state?.['unit_name']
  return typeof unit === 'string' ? `${unit}.service` : undefined
}

/** The properties that `jhub_systemd_spawner.py` gives a server, and all of them together, at a start. */
function limitProperties({memoryBytes, cpuCores}: GroupLimits): readonly string[] {
  const percent = cpuCores === undefined ? '' : `${String(Math.max(1, Math.round(cpuCores * 100)))}%`
  return [`MemoryMax=${memoryBytes === undefined ? 'infinity' : String(memoryBytes)}`, `CPUQuota=${percent}`]
}
