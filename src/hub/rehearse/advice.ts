import {formatMemory} from '../../hub-spec/limits/quantity.js'
import {formatRoughMemory} from '../../hub-spec/limits/rough-memory.js'
import type {Room} from './room.js'

/** What is known of a hub, as far as advice goes. */
export interface AdviceFacts {
  readonly room: Room
  /** Of the largest server. */
  readonly largestBytes: number | null
  /** The limit of everybody's server. */
  readonly limitBytes: number | null
  /** Programs that the kernel ended for want of memory. */
  readonly memoryKills: number
  /** Servers can be forked here, and are not. */
  readonly couldFork: boolean
  /** `limits.total.memory` is what gives out, not the machine. */
  readonly isTotalLimit: boolean
  /** `limits.total.memory`, where the servers together came close to it. */
  readonly totalReached?: number
  readonly people: number
  /** What makes places on the platform; absent where it has no scheduler. */
  readonly forPlaces?: string
}

export interface Advice {
  readonly what: string
  /** What to type, or to write into the spec. */
  readonly how: string
}

const mebibyte = 1024 ** 2

/** What to change so that more people fit, or the same ones wait less; the most useful first. Pure. */
export function adviseRehearsal(facts: AdviceFacts): readonly Advice[] {
  const {room, couldFork} = facts
  const waits = room.withoutWaiting !== null && room.withoutWaiting < facts.people
  return [
    ...memoryOfOne(facts),
    ...whatGivesOut(facts),
    ...(couldFork ? [{what: 'Forked servers start sooner and need less memory', how: 'vm: {prefork: true}'}] : []),
    ...(waits
      ? [
          {
            what: 'People wait for a CPU core: start their servers before they arrive',
            how: 'jhub server start --group GROUP',
          },
        ]
      : []),
  ]
}

function memoryOfOne({memoryKills, largestBytes, limitBytes, totalReached, people}: AdviceFacts): readonly Advice[] {
  const killed = memoryKills === 1 ? 'a program' : `${String(memoryKills)} programs`
  if (memoryKills > 0 && totalReached !== undefined)
    return [
      {
        what: `The kernel killed ${killed}, because all servers together reached ${formatRoughMemory(totalReached)}, their limit`,
        how: `jhub limits set --total --memory ${wholeMebibytes((largestBytes ?? 0) * people * 1.2)}`,
      },
    ]
  if (memoryKills > 0)
    return [
      {
        what: `The kernel killed ${killed} that ran out of memory: the notebook needs more than a server's limit`,
        how: `jhub limits set --memory ${wholeMebibytes((limitBytes ?? largestBytes ?? 512 * mebibyte) * 2)}`,
      },
    ]
  if (largestBytes === null || limitBytes === null || largestBytes * 1.2 <= limitBytes) return []
  return [
    {
      what: `The largest server used ${formatRoughMemory(largestBytes)} of its limit of ${formatRoughMemory(limitBytes)}`,
      how: `jhub limits set --memory ${wholeMebibytes(largestBytes * 1.5)}`,
    },
  ]
}

function whatGivesOut({room: {boundBy}, isTotalLimit, forPlaces}: AdviceFacts): readonly Advice[] {
  switch (boundBy) {
    case 'servers':
      return [{what: 'More servers at once', how: 'jhub limits set --total --servers NUMBER'}]
    case 'places':
      return forPlaces === undefined ? [] : [{what: 'More servers need more places in the cluster', how: forPlaces}]
    case 'guarantee':
      return [{what: 'A smaller guarantee leaves room for more', how: 'jhub limits set --memory-guarantee SIZE'}]
    case 'memory':
      return isTotalLimit
        ? [{what: 'More memory for all servers together', how: 'jhub limits set --total --memory SIZE'}]
        : [{what: 'More people need a machine with more memory', how: 'jhub doctor   # what this one has'}]
    default:
      return []
  }
}

/** `640M`, `2G`. */
function wholeMebibytes(bytes: number): string {
  return formatMemory(Math.ceil(bytes / mebibyte / 64) * 64 * mebibyte)
}
