import type {CgroupTree} from './cgroup-tree.js'
import type {Files} from '../../../../host/files/files.js'
import type {MachineFacts} from '../../machines/machine.js'

/** What makes the control groups of servers: systemd, or jhub's own spawner. */
export type GroupMaker = 'systemd' | 'jhub'

/**
 * Where this machine lets us hold servers to limits; `undefined` when it does not: no root, no control groups, or mounted
 * read-only. On version 2, systemd opens a controller to children of the root group when a unit first needs it, so that it
 * is enough that it is there; for us it must be open already (cgroups(7), "no internal processes").
 */
export async function findCgroupTree(
  files: Files,
  facts: MachineFacts,
  hubName: string,
  maker: GroupMaker,
): Promise<CgroupTree | undefined> {
  if (facts.platform !== 'linux' || facts.uid !== 0) return undefined
  const writable = writableMounts((await files.read('/proc/self/mounts')) ?? '')
  const group = `jhub-${hubName}`
  const unified = writable.find(({type}) => type === 'cgroup2')
  if (unified !== undefined) {
    const list = maker === 'systemd' ? 'cgroup.controllers' : 'cgroup.subtree_control'
    const usable = ((await files.read(`${unified.path}/${list}`)) ?? '').split(/\s+/)
    if (['memory', 'cpu', 'pids'].every((controller) => usable.includes(controller))) {
      return {version: 2, path: `${unified.path}/${group}`}
    }
  }
  const controller = (name: string) =>
    writable.find(({type, options}) => type === 'cgroup' && options.includes(name))?.path
  const [memory, cpu, pids] = ['memory', 'cpu', 'pids'].map(controller)
  if (memory === undefined || cpu === undefined || pids === undefined) return undefined
  return {version: 1, memory: `${memory}/${group}`, cpu: `${cpu}/${group}`, pids: `${pids}/${group}`}
}

export function cgroupDirectories(tree: CgroupTree): readonly string[] {
  return tree.version === 2 ? [tree.path] : [...new Set([tree.memory, tree.cpu, tree.pids])]
}

interface Mount {
  readonly path: string
  readonly type: string
  readonly options: readonly string[]
}

function writableMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, path, type, options] = line.split(' ')
    if (path === undefined || type === undefined || options === undefined) return []
    const mount = {path, type, options: options.split(',')}
    return mount.options.includes('rw') ? [mount] : []
  })
}
