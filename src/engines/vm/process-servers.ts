import type {Files} from '../../host/files.js'
import {cgroupDirectories, findCgroupTree} from './cgroup.js'
import {changeCgroupLimits} from './change-cgroup-limits.js'
import {readLimitsInForce} from './limits-in-force.js'
import type {Machine, MachineFacts, ServerKeeper} from './machines/machine.js'
import {promises} from './promises.js'
import {removeCgroups} from './steps/remove-cgroups.js'

/** Servers as processes: held by control groups that the spawner makes where it may, else by resource limits. */
export function processServers(files: Files, facts: MachineFacts, run: Machine['run'], hubName: string): ServerKeeper {
  const tree = () => findCgroupTree(files, facts, hubName)
  const directories = async () => {
    const found = await tree()
    return found === undefined ? [] : cgroupDirectories(found)
  }
  return {
    settings: {spawner: 'process'},
    async limitsInForce(server) {
      const pid = server.state?.['pid']
      if (typeof pid !== 'number') return {memoryBy: 'not enforced', cpuBy: 'not enforced'}
      return readLimitsInForce(files, pid, await tree())
    },
    async changeLimits(server, wanted) {
      const pid = server.state?.['pid']
      const found = await tree()
      if (typeof pid !== 'number' || found === undefined) return undefined
      if (!(await changeCgroupLimits(files, pid, found, wanted))) return undefined
      return readLimitsInForce(files, pid, found)
    },
    promises: async () => promises(facts, await tree()),
    upSteps: () => [],
    downSteps: () => [removeCgroups({files, run}, directories)],
  }
}
