import type {PlatformStatus, ServerPlaces} from '../../engines/engine.js'
import type {Finding} from '../../findings/finding.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {formatRoughMemory} from '../../hub-spec/limits/rough-memory.js'
import {countPeople} from '../../hub-spec/people/count-people.js'

const gibibyte = 1024 ** 3

/** What the hub, the proxy and the system of the machine need beside all servers. */
const besideServersBytes = 2 * gibibyte

/** A JupyterLab with one Python kernel that has loaded nothing yet. */
const emptyServerBytes = 0.25 * gibibyte

/** Less than this for a home is soon full. */
const smallHomeBytes = gibibyte

/**
 * Whether so many people can work at once, by memory, disk and the limits of the spec; nothing is started. A problem is what
 * cannot go well; a warning, what can.
 */
export function roomForPeople(
  people: number,
  {limits}: Pick<HubSpec, 'limits'>,
  {memory, disk, places}: Pick<PlatformStatus, 'memory' | 'disk'> & PlacesSeen,
): readonly Finding[] {
  return [
    ...servers(people, limits.total.servers),
    ...placesFor(people, places),
    ...memoryRoom(people, limits, memory?.totalBytes),
    ...diskRoom(people, disk?.freeBytes),
  ]
}

function servers(people: number, most: number | undefined): readonly Finding[] {
  if (most === undefined || most >= people) return []
  return [
    {
      check: `servers for ${countPeople(people)}`,
      state: 'problem',
      found: `the settings file allows at most ${String(most)} at once`,
      needed: String(people),
      fix: `jhub limits set --total --servers ${String(people)}`,
    },
  ]
}

/** What a scheduler has; absent or `undefined` where there is none, or it cannot be seen. */
export interface PlacesSeen {
  readonly places?: ServerPlaces | undefined
}

/** A place is where a server finds what is reserved for it: `41, since 256M are reserved for each server`. */
export function describePlaces({most, boundBy, each}: ServerPlaces): string {
  return `${String(most)}, since ${reserved[boundBy](each)}`
}

const reserved: Readonly<Record<ServerPlaces['boundBy'], (each: number) => string>> = {
  cores: (each) => `${String(each)} cores are reserved for each server`,
  memory: (each) => `${formatRoughMemory(each)} are reserved for each server`,
  pods: () => 'the nodes take no more pods',
}

function placesFor(people: number, places: ServerPlaces | undefined): readonly Finding[] {
  if (places === undefined || places.most >= people) return []
  return [
    {
      check: `places for ${countPeople(people)}`,
      state: 'problem',
      found: describePlaces(places),
      needed: String(people),
      fix: morePlaces[places.boundBy],
    },
  ]
}

/** What makes places, by what gives out. */
export const morePlaces: Readonly<Record<ServerPlaces['boundBy'], string>> = {
  cores: 'jhub limits set --cpu-guarantee 0.01   # or a cluster with more cores',
  memory: 'jhub limits set --memory-guarantee 128M   # or a cluster with more memory',
  pods: 'Use a cluster with more nodes',
}

export interface MemoryForServers {
  readonly bytes: number
  /** Where it comes from, to be read behind the amount: `for all servers, by the spec`. */
  readonly from: string
  /** The spec sets it, not the machine. */
  readonly isLimit: boolean
}

/** What all servers together can hold; `undefined` where neither spec nor machine says. */
export function memoryForServers(
  {total}: Pick<HubSpec['limits'], 'total'>,
  machineBytes: number | undefined,
): MemoryForServers | undefined {
  const ofMachine = machineBytes === undefined ? undefined : Math.max(0, machineBytes - besideServersBytes)
  const bytes =
    total.memoryBytes === undefined ? ofMachine : Math.min(total.memoryBytes, ofMachine ?? total.memoryBytes)
  if (bytes === undefined) return undefined
  const isLimit = bytes !== ofMachine
  return {bytes, from: isLimit ? 'for all servers, by the settings file' : 'beside hub and system', isLimit}
}

function memoryRoom(
  people: number,
  {default: common, total}: HubSpec['limits'],
  machineBytes: number | undefined,
): readonly Finding[] {
  const check = `memory for ${countPeople(people)}`
  const known = memoryForServers({total}, machineBytes)
  if (known === undefined)
    return [
      {check, state: 'warning', found: 'not known here; it is spread over the nodes of a cluster', fix: 'jhub status'},
    ]
  const room = known.bytes
  const from = `${formatRoughMemory(room)} ${known.from}`
  const least = Math.max(emptyServerBytes, common.memoryGuaranteeBytes ?? 0)
  const mostEmpty = Math.floor(room / least)
  const needed = people * least
  const canRaise = known.isLimit && needed <= (memoryForServers({total: {}}, machineBytes)?.bytes ?? 0)
  if (mostEmpty < people)
    return [
      {
        check,
        state: 'problem',
        found: `${from}: room for ${countPeople(mostEmpty)}, at ${formatRoughMemory(least)} for a server with an empty notebook`,
        needed: formatRoughMemory(needed),
        fix: canRaise
          ? `jhub limits set --total --memory ${wholeMebibytes(needed)}`
          : 'Use a machine with more memory, or let people take turns',
      },
    ]
  const limit = common.memoryBytes
  const each = formatRoughMemory(room / people)
  if (limit === undefined)
    return [
      {
        check,
        state: 'warning',
        found: `${from}, ${each} for each; one person can use it all`,
        fix: `jhub limits set --memory ${wholeMebibytes(room / people)}`,
      },
    ]
  if (people * limit <= room)
    return [
      {check, state: 'ok', found: `${from}, and all of them at their limit use ${formatRoughMemory(people * limit)}`},
    ]
  return [
    {
      check,
      state: 'warning',
      found: `${from}, ${each} for each; the limit is ${formatRoughMemory(limit)}, so ${countPeople(Math.floor(room / limit))} can fill theirs at once`,
      fix: `jhub limits set --memory ${wholeMebibytes(room / people)}   # if the notebooks need no more`,
    },
  ]
}

function diskRoom(people: number, freeBytes: number | undefined): readonly Finding[] {
  if (freeBytes === undefined) return []
  const each = freeBytes / people
  const found = `${formatRoughMemory(freeBytes)} free, ${formatRoughMemory(each)} for each`
  return [{check: `disk for ${countPeople(people)}`, state: each < smallHomeBytes ? 'warning' : 'ok', found}]
}

/** `640M`. */
function wholeMebibytes(bytes: number): string {
  return `${String(Math.max(1, Math.floor(bytes / 1024 ** 2 / 32) * 32))}M`
}
