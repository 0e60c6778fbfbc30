import type {Files} from '../../../../host/files/files.js'
import {isLoweringSafe, type ProcessGroup} from './cgroup-of.js'

const periodMicroseconds = 100_000

/** Bytes and cores; what is left out is without limit. */
export interface GroupLimits {
  readonly memoryBytes?: number | undefined
  readonly cpuCores?: number | undefined
}

/** Writes new limits into a control group in which programs run. False when lowering would end something in it. */
export async function changeCgroupLimits(
  files: Files,
  group: ProcessGroup,
  {memoryBytes: memory, cpuCores}: GroupLimits,
): Promise<boolean> {
  if (!(await isLoweringSafe(files, group, memory))) return false
  const quota = cpuCores === undefined ? undefined : Math.round(cpuCores * periodMicroseconds)
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
