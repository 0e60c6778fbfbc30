import {definedOnly} from '../../../../defined-only.js'
import type {Files} from '../../../../host/files/files.js'
import type {TotalInForce} from '../../../engine.js'
import {heldMemory, type ProcessGroup} from './cgroup-of.js'
import type {GroupLimits} from './change-cgroup-limits.js'
import {readGroupLimits} from './limits-in-force.js'

/** The group that holds all servers of a hub. */
export interface TotalHolder {
  readonly files: Files
  /** `undefined` while no server was started, and where nothing can be held. */
  readonly find: () => Promise<{readonly name: string; readonly group: ProcessGroup} | undefined>
  readonly change: (group: ProcessGroup, limits: GroupLimits) => Promise<void>
}

/** What holds all servers together, as the kernel has it. */
export async function readTotal({files, find}: TotalHolder): Promise<TotalInForce> {
  const found = await find()
  if (found === undefined) return {memoryBy: 'not enforced', cpuBy: 'not enforced', counted: 'memory in use'}
  const [limits, used] = await Promise.all([readGroupLimits(files, found.group), heldMemory(files, found.group)])
  return {
    ...limits,
    holder: found.name,
    counted: 'memory in use',
    ...definedOnly({memoryUsedBytes: used}),
  }
}
