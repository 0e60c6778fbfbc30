import {definedOnly} from '../../../../defined-only.js'
import type {Files} from '../../../../host/files/files.js'
import type {LimitsInForce} from '../../../engine.js'
import type {CgroupTree} from './cgroup-tree.js'
import {cgroupOf, readNumber, type ProcessGroup} from './cgroup-of.js'

/** Memory limits of control groups at or above this mean "none" (cgroup v1 writes the largest page-aligned number). */
const noLimitBytes = 2 ** 62

const notRunning: LimitsInForce = {memoryBy: 'not enforced', cpuBy: 'not enforced'}

/** What the kernel holds a process to, read from its control group, else from its resource limits. */
export async function readLimitsInForce(
  files: Files,
  pid: number,
  tree: CgroupTree | undefined,
): Promise<LimitsInForce> {
  if (tree === undefined) return readResourceLimits(files, pid)
  const group = await cgroupOf(files, pid, tree)
  return group === undefined ? notRunning : readGroupLimits(files, group)
}

export async function readGroupLimits(files: Files, group: ProcessGroup): Promise<LimitsInForce> {
  return group.version === 1 ? readVersion1(files, group) : readVersion2(files, group)
}

async function readVersion1(files: Files, group: ProcessGroup): Promise<LimitsInForce> {
  const [memory, quota, period] = await Promise.all([
    readNumber(files, `${group.memory}/memory.limit_in_bytes`),
    readNumber(files, `${group.cpu}/cpu.cfs_quota_us`),
    readNumber(files, `${group.cpu}/cpu.cfs_period_us`),
  ])
  return {
    memoryBy: 'cgroup v1',
    cpuBy: 'cgroup v1',
    ...(memory === undefined || memory >= noLimitBytes ? {} : {memoryBytes: memory}),
    ...(quota === undefined || period === undefined || quota < 0 ? {} : {cpuCores: quota / period}),
  }
}

async function readVersion2(files: Files, group: ProcessGroup): Promise<LimitsInForce> {
  const memory = await readNumber(files, `${group.memory}/memory.max`)
  const [quota, period] = ((await files.read(`${group.cpu}/cpu.max`)) ?? 'max').trim().split(' ')
  return {
    memoryBy: 'cgroup v2',
    cpuBy: 'cgroup v2',
    ...definedOnly({memoryBytes: memory}),
    ...(quota === undefined || quota === 'max' ? {} : {cpuCores: Number(quota) / Number(period)}),
  }
}

/** `RLIMIT_DATA`, as `/proc/PID/limits` shows it (proc(5)); cores cannot be held by it. */
async function readResourceLimits(files: Files, pid: number): Promise<LimitsInForce> {
  const text = await files.read(`/proc/${String(pid)}/limits`)
  if (text === undefined) return notRunning
  const limit = /^Max data size\s+(\d+|unlimited)/m.exec(text)?.[1]
  return {
    memoryBy: 'rlimit',
    cpuBy: 'not enforced',
    ...(limit === undefined || limit === 'unlimited' ? {} : {memoryBytes: Number(limit)}),
  }
}
