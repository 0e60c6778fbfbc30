import {machinesWithEgress} from '../../../hub-spec/place/machine-name.js'
import type {Finding} from '../../../findings/finding.js'
import {checkSocketPaths} from '../preflight/check-socket-paths.js'
import {cgroupDirectories, findCgroupTree} from './cgroups/cgroup.js'
import {cgroupOf, hubGroup} from './cgroups/cgroup-of.js'
import {changeCgroupLimits} from './cgroups/change-cgroup-limits.js'
import {readLimitsInForce} from './cgroups/limits-in-force.js'
import type {Machine, ServerKeeper} from '../machines/machine.js'
import {platformNotes} from './platform-notes.js'
import {readUsage} from './cgroups/server-usage.js'
import {ensureTotal} from '../steps/servers/ensure-total.js'
import {readTotal, type TotalHolder} from './cgroups/read-total.js'
import {removeCgroups} from '../steps/removal/remove-cgroups.js'

/** Servers as processes: held by control groups that the spawner makes where it may, else by resource limits. */
export function processServers(
  {files, facts, run, layout}: Pick<Machine, 'files' | 'facts' | 'run' | 'layout'>,
  hubName: string,
): ServerKeeper {
  const tree = () => findCgroupTree(files, facts, hubName, 'jhub')
  const directories = async () => {
    const found = await tree()
    return found === undefined ? [] : cgroupDirectories(found)
  }
  const holder: TotalHolder = {
    files,
    async find() {
      const found = await tree()
      const group = found === undefined ? undefined : hubGroup(found)
      const isThere = group !== undefined && (await files.stat(group.memory)) !== undefined
      return isThere ? {name: `control group jhub-${hubName}`, group} : undefined
    },
    change: async (group, limits) => {
      await changeCgroupLimits(files, group, limits)
    },
  }
  return {
    settings: {spawner: 'process'},
    ownGroups: tree,
    async limitsInForce(server) {
      const pid = server.state?.['pid']
      if (typeof pid !== 'number') return {memoryBy: 'not enforced', cpuBy: 'not enforced'}
      return readLimitsInForce(files, pid, await tree())
    },
    async changeLimits(server, wanted) {
      const pid = server.state?.['pid']
      const found = await tree()
      if (typeof pid !== 'number' || found === undefined) return undefined
      const group = await cgroupOf(files, pid, found)
      const limits = {memoryBytes: wanted.memoryBytes?.value, cpuCores: wanted.cpuCores?.value}
      if (group === undefined || !(await changeCgroupLimits(files, group, limits))) return undefined
      return readLimitsInForce(files, pid, found)
    },
    async usage(servers) {
      if (facts.platform !== 'linux') return {notSeen: 'What servers use is not known on macOS.'}
      const pids = servers.map(({state}) => (typeof state?.['pid'] === 'number' ? state['pid'] : undefined))
      return {servers: await readUsage(files, pids, await tree())}
    },
    totalInForce: () => readTotal(holder),
    limitSteps: (spec) => [ensureTotal(holder, spec.limits.total)],
    platformNotes: async () => platformNotes(facts, await tree()),
    upSteps: () => [],
    preflight: async ({access: {egress}}) => [...checkSocketPaths(layout), ...(egress === 'all' ? [] : [notEnforced])],
    downSteps: () => [removeCgroups({files, run}, directories)],
  }
}

const notEnforced: Finding = {
  check: 'access.egress',
  state: 'problem',
  found: 'the process machine cannot limit what servers reach',
  needed: 'egress: all, or another machine',
  fix: `jhub config edit   # take egress out, or set vm.machine to ${machinesWithEgress}`,
}
