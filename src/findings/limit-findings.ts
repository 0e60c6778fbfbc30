import type {HubSpec, Limits} from '../hub-spec/hub-spec.js'
import {formatCpu, formatMemory} from '../hub-spec/limits/quantity.js'
import {resolveLimits} from '../hub-spec/limits/resolve-limits.js'
import {formatRoughMemory} from '../hub-spec/limits/rough-memory.js'
import type {Finding} from './finding.js'

/** What all servers of a machine share. */
export interface MachineRoom {
  readonly cores: number
  readonly memoryBytes: number
}

/** Limits that cannot hold what they say on this machine: above it, or together above its memory. */
export function limitFindings(spec: HubSpec, room: MachineRoom): readonly Finding[] {
  return [...aboveMachine(spec, room), ...together(spec, room)]
}

function aboveMachine(spec: HubSpec, {cores, memoryBytes}: MachineRoom): readonly Finding[] {
  const rules: readonly (readonly [string, string, Limits])[] = [
    ['everybody', '', spec.limits.default],
    ['the whole hub', ' --total', spec.limits.total],
    ...[...spec.groups].map(([name, {limits}]) => [`group ${name}`, ` --group ${name}`, limits] as const),
    ...[...spec.users].map(([name, {limits}]) => [name, ` --user ${name}`, limits] as const),
  ]
  return rules.flatMap(([whose, flag, limits]) => {
    const memory = limits.memoryBytes !== undefined && limits.memoryBytes > memoryBytes
    const cpu = limits.cpuCores !== undefined && limits.cpuCores > cores
    const check = `limit of ${whose}`
    const set = `jhub limits set${flag}`
    return [
      ...(memory
        ? [
            warning(
              check,
              `${formatMemory(limits.memoryBytes)} memory, but the machine has only ${formatRoughMemory(memoryBytes)}, so it has no effect`,
              limits === spec.limits.total
                ? totalFor(memoryBytes)
                : `${set} --memory ${wholeGibibytes(memoryBytes / 2)}`,
            ),
          ]
        : []),
      ...(cpu
        ? [
            warning(
              check,
              `${formatCpu(limits.cpuCores)} cores, but the machine has only ${String(cores)}, so it has no effect`,
              `${set} --cpu ${String(cores)}`,
            ),
          ]
        : []),
    ]
  })
}

/** More than the machine has can be handed out, since few people use all of theirs; but then it should be known. */
function together(spec: HubSpec, {memoryBytes}: MachineRoom): readonly Finding[] {
  const {total} = spec.limits
  if (total.memoryBytes !== undefined && total.memoryBytes <= memoryBytes) return []
  const limits = [...spec.users.keys()].map((name) => resolveLimits(spec, name).memoryBytes?.value ?? 0)
  const most = total.servers ?? limits.length
  const sum = limits
    .toSorted((one, other) => other - one)
    .slice(0, most)
    .reduce((all, each) => all + each, 0)
  const count = Math.min(most, limits.length)
  if (sum <= memoryBytes || count < 2) return []
  return [
    warning(
      'memory limits together',
      `${String(count)} servers may use ${formatRoughMemory(sum)}, but the machine has only ${formatRoughMemory(memoryBytes)}: it runs out if every server reaches its limit`,
      totalFor(memoryBytes),
    ),
  ]
}

/** Leaves some memory for the hub and the computer itself. */
function totalFor(memoryBytes: number): string {
  return `jhub limits set --total --memory ${wholeGibibytes(memoryBytes * 0.8)}`
}

function warning(check: string, found: string, fix: string): Finding {
  return {check, state: 'warning', found, fix}
}

/** `6G`; below two gibibytes in mebibytes. */
function wholeGibibytes(bytes: number): string {
  const gibibytes = Math.floor(bytes / 1024 ** 3)
  return gibibytes >= 2 ? `${String(gibibytes)}G` : `${String(Math.floor(bytes / 1024 ** 2))}M`
}
