import {readTotal, type TotalHolder} from '../../servers/cgroups/read-total.js'
import {JhubError} from '../../../../errors.js'
import type {Files} from '../../../../host/files/files.js'
import type {TotalLimits} from '../../../../hub-spec/hub-spec.js'
import {formatCpu, formatMemory} from '../../../../hub-spec/limits/quantity.js'
import {formatRoughMemory} from '../../../../hub-spec/limits/rough-memory.js'
import type {Step} from '../../../../steps/step.js'
import type {TotalInForce} from '../../../engine.js'
import type {ProcessGroup} from '../../servers/cgroups/cgroup-of.js'
import type {GroupLimits} from '../../servers/cgroups/change-cgroup-limits.js'
import {readGroupLimits} from '../../servers/cgroups/limits-in-force.js'

/**
 * Holds the servers that run to the limits of the whole hub at once; the spawner does the same whenever one starts. A limit
 * below what they hold is refused: the kernel would end somebody's work.
 */
export function ensureTotal(holder: TotalHolder, wanted: TotalLimits): Step {
  let before: TotalInForce | undefined
  return {
    title: "Set the whole hub's limits",
    async check() {
      const now = await readTotal(holder)
      if (now.holder === undefined || isAs(now, wanted)) return undefined
      return {summary: `limit all servers together to ${describe(wanted)}`, disturbs: 'live'}
    },
    async apply() {
      const found = await holder.find()
      if (found === undefined) return
      const now = await readTotal(holder)
      refuseBelowUse(now, wanted)
      await refuseBelowOne(holder.files, found.group, wanted)
      before = now
      await holder.change(found.group, wanted)
      const after = await readTotal(holder)
      if (!isAs(after, wanted))
        throw new JhubError(
          'JHUB-E201',
          `${found.name} did not accept the limits: it is limited to ${describe(after)}`,
          {
            fix: 'jhub limits show',
          },
        )
    },
    async undo() {
      const found = before === undefined ? undefined : await holder.find()
      if (found !== undefined && before !== undefined) await holder.change(found.group, before)
    },
  }
}

function refuseBelowUse({memoryUsedBytes: used}: TotalInForce, {memoryBytes}: TotalLimits): void {
  if (memoryBytes === undefined || used === undefined || used < memoryBytes) return
  throw new JhubError(
    'JHUB-E216',
    `All servers together use ${formatRoughMemory(used)} now: a total of ${formatMemory(memoryBytes)} would end somebody's work`,
    {fix: ['jhub server list', 'jhub server stop NAME   # then run the same command again']},
  )
}

/** Version 1 does not let a group have fewer cores than one inside of it. */
async function refuseBelowOne(files: Files, {version, cpu}: ProcessGroup, {cpuCores}: TotalLimits): Promise<void> {
  if (version === 2 || cpuCores === undefined) return
  for (const name of (await files.list(cpu)) ?? []) {
    const {cpuCores: most} = await readGroupLimits(files, {version, memory: cpu, cpu: `${cpu}/${name}`})
    if (most === undefined || most <= cpuCores) continue
    throw new JhubError(
      'JHUB-E216',
      `A running server may use ${formatCpu(most)} cores, and on this machine (cgroup v1) the total cannot be less: ${formatCpu(cpuCores)}`,
      {fix: `jhub limits set --cpu ${formatCpu(cpuCores)}   # then run the same command again`},
    )
  }
}

/** The kernel counts memory in pages of up to 64 KiB, and systemd cores in hundredths. */
function isAs(now: GroupLimits, {memoryBytes, cpuCores}: GroupLimits): boolean {
  const near = (one: number | undefined, other: number | undefined, within: number) =>
    one === undefined || other === undefined ? one === other : Math.abs(one - other) < within
  return near(now.memoryBytes, memoryBytes, 65_536) && near(now.cpuCores, cpuCores, 0.01)
}

function describe({memoryBytes, cpuCores}: GroupLimits): string {
  const parts = [
    ...(memoryBytes === undefined ? [] : [`memory ${formatMemory(memoryBytes)}`]),
    ...(cpuCores === undefined ? [] : [`cpu ${formatCpu(cpuCores)}`]),
  ]
  return parts.length === 0 ? 'no limit' : parts.join(', ')
}
