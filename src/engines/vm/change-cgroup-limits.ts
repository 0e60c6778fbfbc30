import type {Files} from '../../host/files.js'
import type {ResolvedLimits} from '../../spec/resolve-limits.js'
import type {CgroupTree} from './cgroup.js'
import {cgroupOf, isLoweringSafe} from './cgroup-of.js'

const periodMicroseconds = 100_000

/** Writes new limits into the control group of a running server. False when lowering would end something in it. */
export async function changeCgroupLimits(
  files: Files,
  pid: number,
  tree: CgroupTree,
  {memoryBytes, cpuCores}: ResolvedLimits,
): Promise<boolean> {
  const group = await cgroupOf(files, pid, tree)
  if (!(await isLoweringSafe(files, group, memoryBytes?.value))) return false
  const memory = memoryBytes?.value
  const quota = cpuCores === undefined ? undefined : Math.round(cpuCores.value * periodMicroseconds)
  if (group.version === 2) {
    await files.append(`${group.memory}/memory.max`, memory === undefined ? 'max' : String(memory))
    await files.append(
      `${group.cpu}/cpu.max`,
      `${quota === undefined ? 'max' : String(quota)} ${String(periodMicroseconds)}`,
    )
    return true
  }
  await files.append(`${group.memory}/memory.limit_in_bytes`, memory === undefined ? '-1' : String(memory))
  await files.append(`${group.cpu}/cpu.cfs_quota_us`, quota === undefined ? '-1' : String(quota))
  return true
}
