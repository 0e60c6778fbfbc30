import {definedOnly} from '../../../../defined-only.js'
import type {Files} from '../../../../host/files/files.js'
import type {ServerUsage} from '../../../engine.js'
import type {CgroupTree} from './cgroup-tree.js'
import {cgroupOf, heldMemory, memoryKills} from './cgroup-of.js'

/** Linux tells times of processes in this unit, on every architecture (`USER_HZ`, proc(5)). */
const ticksPerSecond = 100

/** What servers use, each told by the process it began with; from control groups, else summed over their processes. */
export async function readUsage(
  files: Files,
  pids: readonly (number | undefined)[],
  tree: CgroupTree | undefined,
): Promise<readonly (ServerUsage | undefined)[]> {
  if (tree !== undefined)
    return Promise.all(pids.map(async (pid) => (pid === undefined ? undefined : readGroup(files, pid, tree))))
  const table = await readProcessTable(files)
  return Promise.all(
    pids.map(async (pid) => {
      const family = pid === undefined ? [] : familyOf(pid, table)
      return family.length === 0 ? undefined : sumProcesses(files, family)
    }),
  )
}

/** What these processes use themselves, without what they started; `undefined` when none of them is there. */
export async function readOwnUsage(files: Files, pids: readonly number[]): Promise<ServerUsage | undefined> {
  const found = await readProcesses(files, pids)
  return found.length === 0 ? undefined : sumProcesses(files, found)
}

async function readGroup(files: Files, pid: number, tree: CgroupTree): Promise<ServerUsage | undefined> {
  const group = await cgroupOf(files, pid, tree)
  if (group === undefined) return undefined
  const [memory, kills, members, stat] = await Promise.all([
    heldMemory(files, group),
    memoryKills(files, group),
    files.read(`${group.memory}/cgroup.procs`),
    group.version === 2 ? files.read(`${group.cpu}/cpu.stat`) : undefined,
  ])
  const inside = (members ?? '').split('\n').flatMap((line) => (line === '' ? [] : Number(line)))
  const counted = /^usage_usec (\d+)$/m.exec(stat ?? '')?.[1]
  return {
    processes: inside.length,
    // Version 1 may count times in a hierarchy that the server has not joined.
    cpuSeconds: counted === undefined ? sumSeconds(await readProcesses(files, inside)) : Number(counted) / 1e6,
    ...definedOnly({memoryBytes: memory, memoryKills: kills}),
  }
}

async function sumProcesses(files: Files, family: readonly ProcessTimes[]): Promise<ServerUsage> {
  const memory = await Promise.all(family.map(({pid}) => readMemory(files, pid)))
  return {
    processes: family.length,
    cpuSeconds: sumSeconds(family),
    memoryBytes: memory.reduce((sum, bytes) => sum + bytes, 0),
  }
}

interface ProcessTimes {
  readonly pid: number
  readonly parent: number
  /** Its own time and that of its children that ended. */
  readonly seconds: number
}

async function readProcessTable(files: Files): Promise<readonly ProcessTimes[]> {
  const names = (await files.list('/proc')) ?? []
  return readProcesses(files, names.filter((name) => /^\d+$/.test(name)).map(Number))
}

async function readProcesses(files: Files, pids: readonly number[]): Promise<readonly ProcessTimes[]> {
  return (await Promise.all(pids.map((pid) => readProcess(files, pid)))).flatMap((found) => found ?? [])
}

/** Fields of `/proc/PID/stat` behind the name, which may hold anything (proc(5)). */
async function readProcess(files: Files, pid: number): Promise<ProcessTimes | undefined> {
  const text = await files.read(`/proc/${String(pid)}/stat`)
  if (text === undefined) return undefined
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return {pid, parent: Number(fields[1]), seconds: ticks / ticksPerSecond}
}

/** A process and all that it started, and they. */
function familyOf(pid: number, table: readonly ProcessTimes[]): readonly ProcessTimes[] {
  const own = table.filter((each) => each.pid === pid)
  const children = table.filter((each) => each.parent === pid)
  return [...own, ...children.flatMap((child) => familyOf(child.pid, table))]
}

function sumSeconds(processes: readonly ProcessTimes[]): number {
  return processes.reduce((sum, {seconds}) => sum + seconds, 0)
}

/** Its share of what it holds: memory of several processes counts once. Older kernels tell only the whole. */
async function readMemory(files: Files, pid: number): Promise<number> {
  const [shares, status] = await Promise.all([
    files.read(`/proc/${String(pid)}/smaps_rollup`).catch(() => undefined),
    files.read(`/proc/${String(pid)}/status`),
  ])
  const kibibytes = /^Pss:\s+(\d+) kB/m.exec(shares ?? '')?.[1] ?? /^VmRSS:\s+(\d+) kB/m.exec(status ?? '')?.[1]
  return Number(kibibytes ?? 0) * 1024
}
