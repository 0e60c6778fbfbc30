import type {LimitsInForce, TotalInForce} from '../../engines/engine.js'
import type {LimitsChangeResult} from '../../hub/limits/limits-change.js'
import type {LimitsShowResult} from '../../hub/limits/limits-show.js'
import type {Limits, TotalLimits} from '../../hub-spec/hub-spec.js'
import {formatCpu, formatMemory} from '../../hub-spec/limits/quantity.js'
import type {ResolvedLimits} from '../../hub-spec/limits/resolve-limits.js'
import {renderChange} from './render-change.js'
import {formatRoughMemory} from '../../hub-spec/limits/rough-memory.js'
import {renderTable} from './text/render-table.js'

export function renderLimits(result: LimitsShowResult): string {
  const rules: (readonly string[])[] = [
    ['everybody', renderLimitsOf(result.default)],
    ...Object.entries(result.groups).map(([name, limits]) => [`group ${name}`, renderLimitsOf(limits)]),
    ...Object.entries(result.users).map(([name, limits]) => [`user ${name}`, renderLimitsOf(limits)]),
    ['the whole hub', renderTotal(result.total)],
  ]
  const running = result.running.map(({user, inForce, differs}) => [
    user,
    renderInForce(inForce),
    differs ? 'restart gives new limits' : '',
  ])
  // Where no server runs, nothing holds them yet, whatever the rule says.
  const isWholeSeen = result.resolved === null && (running.length > 0 || result.whole.holder !== undefined)
  return [
    ...(result.resolved === null ? [renderTable(['rule', 'limits'], rules)] : [renderResolved(result.resolved)]),
    '',
    running.length === 0 ? 'No server runs.' : renderTable(['server of', 'in force', 'note'], running),
    '',
    ...(isWholeSeen ? [renderWhole(result.whole), ''] : []),
    ...result.platformNotes.map((note) => `- ${note}`),
  ].join('\n')
}

export function renderLimitsChange(result: LimitsChangeResult): string {
  const what = result.changes.map(({summary}) => summary).join('; ')
  const isRunning = result.changedInPlace.length + result.mustRestart.length > 0
  const [live = [], late = []] = [result.changedInPlace, result.mustRestart].map((servers) =>
    servers.map(({user}) => user),
  )
  return renderChange(
    result,
    [
      what === '' ? 'Nothing to change.' : `Done: ${what}.`,
      ...(what === '' || isRunning || !result.isForNextStart ? [] : ['It takes effect when a server next starts.']),
      ...(live.length === 0 ? [] : [`In effect now for the running servers of ${live.join(', ')}.`]),
      ...(late.length === 0
        ? []
        : [`The running servers of ${late.join(', ')} get it when they are restarted:`, ...late.map(restart)]),
    ].join('\n'),
  )
}

export function renderLimitsOf({memoryBytes, memoryGuaranteeBytes, cpuCores, cpuGuaranteeCores}: Limits): string {
  return [
    ...(memoryBytes === undefined ? [] : [`memory ${formatMemory(memoryBytes)}`]),
    ...(memoryGuaranteeBytes === undefined ? [] : [`memory guarantee ${formatMemory(memoryGuaranteeBytes)}`]),
    ...(cpuCores === undefined ? [] : [`cpu ${formatCpu(cpuCores)}`]),
    ...(cpuGuaranteeCores === undefined ? [] : [`cpu guarantee ${formatCpu(cpuGuaranteeCores)}`]),
  ].join(', ')
}

function renderTotal({memoryBytes, cpuCores, servers}: TotalLimits): string {
  return [
    ...(memoryBytes === undefined ? [] : [`memory ${formatMemory(memoryBytes)}`]),
    ...(cpuCores === undefined ? [] : [`cpu ${formatCpu(cpuCores)}`]),
    ...(servers === undefined ? [] : [`${String(servers)} servers`]),
  ].join(', ')
}

/** `All servers together: memory 12G by cgroup v2 (3.1G in use), cpu 6 by cgroup v2; held by jhub-class.slice.` */
export function renderWhole(whole: TotalInForce): string {
  const {holder, memoryUsedBytes, cpuUsedCores, counted} = whole
  if (holder === undefined) return 'All servers together: memory and cores are not limited now.'
  const word = counted === 'memory in use' ? 'in use' : 'taken by the limits of running servers'
  if (whole.memoryBytes === undefined && whole.cpuCores === undefined) {
    const taken = memoryUsedBytes === undefined ? '' : `; memory ${formatRoughMemory(memoryUsedBytes)} ${word}`
    return `All servers together: memory and cores are not limited${taken}.`
  }
  const [memory, cpu] = renderInForce(whole).split(', ')
  const used = (value: string | undefined) => (value === undefined ? '' : ` (${value} ${word})`)
  return `All servers together: ${memory ?? ''}${used(memoryUsedBytes === undefined ? undefined : formatRoughMemory(memoryUsedBytes))}, ${cpu ?? ''}${used(cpuUsedCores === undefined ? undefined : formatCpu(cpuUsedCores))}; held by ${holder}.`
}

/** `memory 4G (user), cpu 1 (default)`. */
export function renderResolved({
  memoryBytes,
  cpuCores,
  memoryGuaranteeBytes,
  cpuGuaranteeCores,
}: ResolvedLimits): string {
  const parts = [
    ...(memoryBytes === undefined ? [] : [`memory ${formatMemory(memoryBytes.value)} (${memoryBytes.from})`]),
    ...(memoryGuaranteeBytes === undefined
      ? []
      : [`memory guarantee ${formatMemory(memoryGuaranteeBytes.value)} (${memoryGuaranteeBytes.from})`]),
    ...(cpuCores === undefined ? [] : [`cpu ${formatCpu(cpuCores.value)} (${cpuCores.from})`]),
    ...(cpuGuaranteeCores === undefined
      ? []
      : [`cpu guarantee ${formatCpu(cpuGuaranteeCores.value)} (${cpuGuaranteeCores.from})`]),
  ]
  return parts.join(', ') || 'none'
}

/** `memory 1G by cgroup v2, cpu not enforced`. */
export function renderInForce({memoryBytes, cpuCores, memoryBy, cpuBy}: LimitsInForce): string {
  const one = (name: string, value: string | undefined, by: string) =>
    by === 'not enforced'
      ? `${name} not enforced`
      : value === undefined
        ? `${name} not limited`
        : `${name} ${value} by ${by}`
  return [
    one('memory', memoryBytes === undefined ? undefined : formatMemory(memoryBytes), memoryBy),
    one('cpu', cpuCores === undefined ? undefined : formatCpu(cpuCores), cpuBy),
  ].join(', ')
}

function restart(user: string): string {
  return `    jhub server stop ${user} && jhub server start ${user}`
}
