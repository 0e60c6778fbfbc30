import type {Files} from '../../../../host/files/files.js'
import type {CgroupTree} from './cgroup-tree.js'

/** The control group of one process: directories of its memory and its cores, which on version 2 are one. */
export interface ProcessGroup {
  readonly version: 1 | 2
  readonly memory: string
  readonly cpu: string
}

/** The group of all servers of a hub, where the spawner makes the groups. */
export function hubGroup(tree: CgroupTree): ProcessGroup {
  return tree.version === 2
    ? {version: 2, memory: tree.path, cpu: tree.path}
    : {version: 1, memory: tree.memory, cpu: tree.cpu}
}

/** A group by its path below the roots, as systemd names it. */
export function groupAt(tree: CgroupTree, place: string): ProcessGroup {
  const {version, memory, cpu} = hubGroup(tree)
  return {version, memory: `${mountOf(memory)}${place}`, cpu: `${mountOf(cpu)}${place}`}
}

function mountOf(group: string): string {
  return group.slice(0, group.lastIndexOf('/'))
}

/** `undefined` when the process is not there any more. One that is ending is in the group of the whole machine already. */
export async function cgroupOf(files: Files, pid: number, tree: CgroupTree): Promise<ProcessGroup | undefined> {
  const lines = (await files.read(`/proc/${String(pid)}/cgroup`))?.split('\n')
  if (lines === undefined) return undefined
  const inside = (isLine: (controllers: string) => boolean) =>
    lines
      .find((line) => isLine(line.split(':')[1] ?? '-'))
      ?.split(':')
      .slice(2)
      .join(':') ?? ''
  const place = inside((controllers) => (tree.version === 2 ? controllers === '' : isOf('memory', controllers)))
  if (place === '/') return undefined
  if (tree.version === 2) {
    const group = `${mountOf(tree.path)}${place}`
    return {version: 2, memory: group, cpu: group}
  }
  const cpu = inside((controllers) => isOf('cpu', controllers))
  return {version: 1, memory: `${mountOf(tree.memory)}${place}`, cpu: `${mountOf(tree.cpu)}${cpu}`}
}

function isOf(controller: string, controllers: string): boolean {
  return controllers.split(',').includes(controller)
}

/** Memory that a group holds and cannot give back: what it uses, without the cache of files that it did not touch lately. */
export async function heldMemory(files: Files, {version, memory}: ProcessGroup): Promise<number | undefined> {
  const [used, stat] = await Promise.all([
    readNumber(files, `${memory}/${version === 2 ? 'memory.current' : 'memory.usage_in_bytes'}`),
    files.read(`${memory}/memory.stat`),
  ])
  if (used === undefined) return undefined
  const cache = new RegExp(`^${version === 2 ? '' : 'total_'}inactive_file (\\d+)$`, 'm').exec(stat ?? '')?.[1]
  return used - Number(cache ?? 0)
}

/** How many programs of a group the kernel has ended at its limit of memory; `undefined` where it does not count them. */
export async function memoryKills(files: Files, {version, memory}: ProcessGroup): Promise<number | undefined> {
  const text = await files.read(`${memory}/${version === 2 ? 'memory.events' : 'memory.oom_control'}`)
  const count = /^oom_kill (\d+)$/m.exec(text ?? '')?.[1]
  return count === undefined ? undefined : Number(count)
}

/** Below what is held, a new limit would have the kernel end somebody's work. */
export async function isLoweringSafe(files: Files, group: ProcessGroup, bytes: number | undefined): Promise<boolean> {
  if (bytes === undefined) return true
  const held = await heldMemory(files, group)
  return held !== undefined && held < bytes
}

export async function readNumber(files: Files, path: string): Promise<number | undefined> {
  const value = Number.parseInt((await files.read(path)) ?? '', 10)
  return Number.isNaN(value) ? undefined : value
}
