import {formatRoughMemory} from '../../hub-spec/limits/rough-memory.js'
import {countPeople} from '../../hub-spec/people/count-people.js'

/** What the rehearsal measured and the hub is allowed, as far as room goes. Bytes, cores and seconds. */
export interface RoomFacts {
  /** Who went all the way, and who came. */
  readonly people: {readonly done: number; readonly all: number}
  /** For all servers together; absent where it is not known. */
  readonly memory?: {readonly bytes: number; readonly from: string}
  /** At the moment of most memory. */
  readonly peak?: {readonly memoryBytes: number; readonly servers: number}
  readonly guaranteeBytes?: number
  /** The most servers at once, by the spec. */
  readonly mostServers?: number
  /** What the scheduler of the platform has, in numbers and in words. */
  readonly places?: {readonly most: number; readonly said: string}
  readonly cores?: number
  /** Of all people together, until the notebook was done. */
  readonly coreSeconds?: number
  readonly overMs: number
}

export interface Room {
  /** How many people fit at once; `null` where nothing that was measured says so. */
  readonly people: number | null
  /** What gives out first. */
  readonly boundBy: 'memory' | 'guarantee' | 'servers' | 'places' | 'failures' | null
  /** Who can arrive within the same time before somebody has to wait for a core; `null` where it was not measured. */
  readonly withoutWaiting: number | null
  /** The reckoning, one line each. */
  readonly reckoning: readonly string[]
}

/** How many people fit at this notebook, and how that is reckoned. Pure. */
export function reckonRoom(facts: RoomFacts): Room {
  const bounds = [...memoryBound(facts), ...serversBound(facts), ...placesBound(facts), ...failureBound(facts)]
  const least = bounds.toSorted((one, other) => one.people - other.people)[0]
  const cores = coresBound(facts)
  return {
    people: least?.people ?? null,
    boundBy: least?.by ?? null,
    withoutWaiting: cores?.people ?? null,
    reckoning: [...bounds.map(({line}) => line), ...(cores === undefined ? [] : [cores.line])],
  }
}

interface Bound {
  readonly by: NonNullable<Room['boundBy']>
  readonly people: number
  readonly line: string
}

function memoryBound({memory, peak, guaranteeBytes = 0}: RoomFacts): readonly Bound[] {
  if (memory === undefined || peak === undefined || peak.servers === 0 || peak.memoryBytes === 0) return []
  const used = peak.memoryBytes / peak.servers
  const each = Math.max(used, guaranteeBytes)
  const people = Math.floor(memory.bytes / each)
  const measured = `${formatRoughMemory(peak.memoryBytes)} at the peak / ${String(peak.servers)} servers = ${formatRoughMemory(used)} each`
  const by = guaranteeBytes > used ? 'guarantee' : 'memory'
  const reserved = by === 'memory' ? '' : `, and ${formatRoughMemory(guaranteeBytes)} are guaranteed to each`
  return [
    {
      by,
      people,
      line: `memory: ${measured}${reserved}; ${formatRoughMemory(memory.bytes)} ${memory.from} / ${formatRoughMemory(each)} = ${countPeople(people)}`,
    },
  ]
}

function serversBound({mostServers}: RoomFacts): readonly Bound[] {
  if (mostServers === undefined) return []
  return [
    {by: 'servers', people: mostServers, line: `servers: at most ${String(mostServers)} at once, by the settings file`},
  ]
}

function placesBound({places}: RoomFacts): readonly Bound[] {
  return places === undefined ? [] : [{by: 'places', people: places.most, line: `places: ${places.said}`}]
}

/** What was seen counts for more than what was reckoned. */
function failureBound({people: {done, all}}: RoomFacts): readonly Bound[] {
  if (done === all) return []
  return [{by: 'failures', people: done, line: `seen: ${String(done)} of ${String(all)} people reached the end`}]
}

function coresBound({
  cores,
  coreSeconds,
  people: {all},
  overMs,
}: RoomFacts): {people: number; line: string} | undefined {
  if (cores === undefined || coreSeconds === undefined || coreSeconds <= 0 || all === 0) return undefined
  const each = coreSeconds / all
  const seconds = overMs / 1000
  const people = Math.floor((cores * seconds) / each)
  return {
    people,
    line: `cores: ${each.toFixed(1)} core-seconds each; ${String(cores)} cores in ${String(seconds)} s / ${each.toFixed(1)} = ${countPeople(people)} without waiting`,
  }
}
