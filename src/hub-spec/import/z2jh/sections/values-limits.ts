import {JhubError} from '../../../../errors.js'
import {parseServerCpu, parseServerMemory} from '../../../limits/least-limits.js'
import {formatCpu, formatMemory, parseCpu, parseMemory} from '../../../limits/quantity.js'
import type {Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {shown} from '../../../document/shown.js'

const amounts = [
  {key: 'memory', at: ['memory', 'limit'], trait: 'mem_limit', read: readMemoryLimit},
  {key: 'memoryGuarantee', at: ['memory', 'guarantee'], trait: 'mem_guarantee', read: readMemory},
  {key: 'cpu', at: ['cpu', 'limit'], trait: 'cpu_limit', read: readCoresLimit},
  {key: 'cpuGuarantee', at: ['cpu', 'guarantee'], trait: 'cpu_guarantee', read: readCores},
] as const

/** Everybody's limits. Of several places the chart takes `hub.config.KubeSpawner` first, then `singleuser`, then `hub.config.Spawner`. */
export function takeLimits(importing: Importing): Keys {
  const found = new Map(
    amounts.flatMap(({key, at, trait, read}) => {
      const places = [
        ['hub', 'config', 'KubeSpawner', trait],
        ['singleuser', ...at],
        ['hub', 'config', 'Spawner', trait],
      ]
      const [first, ...others] = places.flatMap((path) => takeAmount(importing, path, read))
      for (const {path} of others)
        importing.note(path, `is less particular than ${first?.path.join('.') ?? ''}: left out.`)
      return first === undefined ? [] : [[key, first] as const]
    }),
  )
  for (const [limit, guarantee] of [
    ['memory', 'memoryGuarantee'],
    ['cpu', 'cpuGuarantee'],
  ] as const) {
    const [most, least] = [found.get(limit)?.value, found.get(guarantee)]
    if (most === undefined || least?.value === undefined || amountOf(least.value) <= amountOf(most)) continue
    importing.note(least.path, `${String(least.value)} is more than the limit beside it (${String(most)}): left out.`)
    found.delete(guarantee)
  }
  return Object.fromEntries(
    [...found].flatMap(([key, {value}]) => (value === undefined ? [] : [[key, value] as const])),
  )
}

function amountOf(value: string | number): number {
  return typeof value === 'number' ? value : parseMemory(value)
}

interface Amount {
  readonly path: readonly string[]
  /** Absent: no limit. */
  readonly value?: string | number
}

function takeAmount(
  {take, note}: Importing,
  path: readonly string[],
  read: (text: string) => string | number,
): readonly Amount[] {
  const value = take(...path)
  if (value === undefined || value === null) return []
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : shown(value)
  if (/^0*(?:\.0*)?(?:[kmgt]i?b?)?$/i.test(text)) {
    if (text !== '') note(path, `${text} is not a limit.`)
    return [{path}]
  }
  try {
    return [{path, value: read(text)}]
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    note(path, `${error.message}; left out.`)
    return []
  }
}

function readMemoryLimit(text: string): string {
  return formatMemory(parseServerMemory(text))
}

function readCoresLimit(text: string): number {
  return Number(formatCpu(parseServerCpu(text)))
}

function readMemory(text: string): string {
  return formatMemory(parseMemory(text))
}

function readCores(text: string): number {
  return Number(formatCpu(parseCpu(text)))
}
