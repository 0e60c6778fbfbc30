import type {ServerTop, TopResult} from '../../hub/top.js'
import {formatCpu, formatMemory} from '../../hub-spec/quantity.js'
import {formatRoughMemory} from '../../hub-spec/rough-memory.js'
import {shellWord} from '../../hub-spec/shell-word.js'
import {renderWhole} from './render-limits.js'
import {renderTable} from './render-table.js'
import {renderMoment} from './render-users.js'

const gibibyte = 1024 ** 3

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
    ...servers.flatMap(renderKills),
  ].join('\n')
}

/** A kernel that was ended looks to a student as if it had crashed: what it was, and the command that gives more. */
function renderKills({user, memoryKills, memoryLimitBytes}: ServerTop): readonly string[] {
  if (memoryKills === null || memoryKills === 0) return []
  const programs =
    memoryKills === 1 ? 'a program of theirs was ended' : `${String(memoryKills)} programs of theirs were ended`
  const more = memoryLimitBytes === null ? '' : formatMemory(Math.ceil((memoryLimitBytes * 2) / gibibyte) * gibibyte)
  return [
    `${user} ran out of memory: ${programs}.${more === '' ? '' : ' To give them more:'}`,
    ...(more === '' ? [] : [`    jhub limits set --user ${shellWord(user)} --memory ${more}`]),
  ]
}
