import type {TopResult} from '../../hub/top.js'
import {formatCpu} from '../../hub-spec/quantity.js'
import {formatRoughMemory} from '../../hub-spec/rough-memory.js'
import {renderWhole} from './render-limits.js'
import {renderTable} from './render-table.js'
import {renderMoment} from './render-users.js'

export function renderTop({hub, servers, whole, notSeen}: TopResult): string {
  if (servers.length === 0) return `No server of ${hub} runs.`
  const show = (value: number | null, format: (value: number) => string) => (value === null ? '' : format(value))
  const twoPlaces = (cores: number) => cores.toFixed(2)
  const table = renderTable(
    ['user', 'memory', 'of', 'cores', 'of', 'processes', 'since'],
    servers.map((server) => [
      server.user,
      show(server.memoryBytes, formatRoughMemory),
      show(server.memoryLimitBytes, formatRoughMemory),
      show(server.cpuCores, twoPlaces),
      show(server.cpuLimitCores, formatCpu),
      show(server.processes, String),
      renderMoment(server.startedAt),
    ]),
  )
  const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0)
  const memory = formatRoughMemory(sum(servers.map(({memoryBytes}) => memoryBytes)))
  const cores = twoPlaces(sum(servers.map(({cpuCores}) => cpuCores)))
  const count = servers.length === 1 ? '1 server uses' : `${String(servers.length)} servers use`
  return [
    table,
    '',
    notSeen ?? `${count} ${memory} and ${cores} cores.`,
    ...(whole.holder === undefined ? [] : [renderWhole(whole)]),
  ].join('\n')
}
