import type {Trouble} from '../../../hub/top/people-trouble.js'
import type {PersonTop, ServerTop, TopResult} from '../../../hub/top/top.js'
import {describeOldCards} from '../../../hub/session/people/printed-cards.js'
import {formatCpu, formatMemory} from '../../../hub-spec/limits/quantity.js'
import {formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'
import {shellWord} from '../../../hub-spec/shell-word.js'
import {renderWhole} from '../render-limits.js'
import {widthOf} from '../text/fit-text.js'
import {renderTable} from '../text/render-table.js'
import {renderMoment} from '../user/render-users.js'

const gibibyte = 1024 ** 3
/** A shared disk with less than this, or less than a twentieth, is nearly full. */
const leastFreeBytes = gibibyte
const leastFreeShare = 0.05

interface Screen {
  readonly mostLines: number
  /** Makes lines fit. */
  readonly dress: (text: string) => string
}

/** `screen`: a terminal that is drawn anew; people at the end are left out, and counted. */
export function renderTop(result: TopResult, screen: Screen = {mostLines: Infinity, dress: (text) => text}): string {
  const rows = [...result.servers, ...result.others]
  for (let shown = rows.length; ; shown--) {
    const text = screen.dress(renderRows(result, shown))
    if (shown === 0 || text.split('\n').length <= screen.mostLines) return text
  }
}

function renderRows(result: TopResult, shown: number): string {
  const {hub, group, servers, others} = result
  const hidden = servers.length + others.length - shown
  const of = group === null ? hub : `The group ${group}`
  return [
    ...(servers.length === 0 ? [`${of} has no running server.`] : []),
    ...(shown === 0
      ? []
      : [renderPeople(servers.slice(0, shown), others.slice(0, Math.max(0, shown - servers.length)))]),
    ...(hidden === 0
      ? []
      : [`${hidden === 1 ? '1 more person does' : `${String(hidden)} more people do`} not fit here: jhub top --html`]),
    ...(servers.length === 0 ? [] : ['']),
    ...renderTopNotes(result),
  ].join('\n')
}

/** What is said below the people: what all use together, and commands that help. */
export function renderTopNotes({servers, whole, homes, notSeen, oldCards}: TopResult): readonly string[] {
  return [
    ...(servers.length === 0 ? [] : [notSeen ?? renderSum(servers)]),
    ...(whole.holder === undefined || servers.length === 0 ? [] : [renderWhole(whole)]),
    ...renderHomes(homes, servers),
    ...servers.flatMap(renderKills),
    ...oldCards.map((cards) => `Note: ${describeOldCards(cards)}. The address now: jhub open --qr`),
  ]
}

/** Whether there is a name to show beside the logins of some of them. */
export function haveNames(people: readonly PersonTop[]): boolean {
  return people.some(({name}) => name !== null)
}

function renderPeople(servers: readonly ServerTop[], others: readonly PersonTop[]): string {
  const isNamed = haveNames([...servers, ...others])
  const who = ({user, name}: PersonTop) => (isNamed ? [user, name ?? ''] : [user])
  const heads = isNamed ? ['user', 'name'] : ['user']
  if (servers.length === 0)
    return renderTable(
      [...heads, 'trouble'],
      others.map((person) => [...who(person), renderTrouble(person.trouble)]),
    )
  const show = (value: number | null, format: (value: number) => string) => (value === null ? '' : format(value))
  const measures = (...columns: readonly number[]) => columns.map((column) => heads.length + column)
  const fewer = [
    [...heads.keys(), ...measures(0, 1, 2, 5, 7)],
    [0, ...measures(0, 2, 7)],
  ]
  return renderTable(
    [...heads, 'memory', 'limit', 'cores', 'limit', 'processes', 'home', 'since', 'trouble'],
    [
      ...servers.map((server) => [
        ...who(server),
        show(server.memoryBytes, formatRoughMemory),
        show(server.memoryLimitBytes, formatRoughMemory),
        show(server.cpuCores, twoPlaces),
        show(server.cpuLimitCores, formatCpu),
        show(server.processes, String),
        show(server.homeBytes, formatRoughMemory),
        server.startedAt === null ? '-' : renderTime(server.startedAt),
        renderTrouble(server.trouble),
      ]),
      ...others.map((person) => [...who(person), '', '', '', '', '', '', '', renderTrouble(person.trouble)]),
    ],
    widthOf(process.stdout),
    fewer,
  )
}

function twoPlaces(cores: number): string {
  return cores.toFixed(2)
}

function renderSum(servers: readonly ServerTop[]): string {
  const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0)
  const memory = formatRoughMemory(sum(servers.map(({memoryBytes}) => memoryBytes)))
  const cores = twoPlaces(sum(servers.map(({cpuCores}) => cpuCores)))
  const count = servers.length === 1 ? '1 server uses' : `${String(servers.length)} servers use`
  return `${count} ${memory} and ${cores} cores.`
}

function renderHomes(
  {measuredAt, disk, notSeen}: TopResult['homes'],
  servers: readonly ServerTop[],
): readonly string[] {
  const isFull = disk !== null && (disk.freeBytes < leastFreeBytes || disk.freeBytes < disk.totalBytes * leastFreeShare)
  const free = disk === null ? '' : `${formatRoughMemory(disk.freeBytes)} of ${formatRoughMemory(disk.totalBytes)}`
  return [
    ...(servers.length === 0 ? [] : [notSeen ?? renderMeasured(measuredAt)]),
    ...(isFull ? [`The disk of the homes is nearly full: ${free} free.`] : []),
  ]
}

function renderMeasured(measuredAt: string | null): string {
  return measuredAt === null ? 'Homes are being measured.' : `Homes were measured at ${renderTime(measuredAt)}.`
}

/** Every trouble of a person in a few words: `out of memory twice, idle since 14:05`. */
export function renderTrouble(trouble: readonly Trouble[]): string {
  return trouble.map(renderOne).join(', ')
}

function renderOne(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'server failed':
      return `server failed: ${trouble.reason.replaceAll(/\s+/g, ' ')}`
    case 'out of memory':
      return trouble.times === 1 ? 'out of memory' : `out of memory ${String(trouble.times)} times`
    case 'disk nearly full':
      return `disk nearly full: ${formatRoughMemory(trouble.freeBytes)} free`
    case 'failed logins': {
      const at = trouble.lastAt === null ? '' : `, last at ${renderTime(trouble.lastAt)}`
      return `${trouble.count === 1 ? '1 failed login' : `${String(trouble.count)} failed logins`}${at}`
    }
    case 'never logged in':
      return 'never logged in'
    case 'idle':
      return `idle since ${renderTime(trouble.since)}`
  }
}

/** `14:05`, in the local time of the person; with the day where that is another one. */
function renderTime(moment: string): string {
  const [day = '', time = ''] = renderMoment(moment).split(' ')
  const [today] = renderMoment(new Date().toISOString()).split(' ')
  return day === today ? time : `${day} ${time}`
}

/** A kernel that was ended looks to a student as if it had crashed: what it was, and the command that gives more. */
function renderKills({user, memoryKills, memoryLimitBytes}: ServerTop): readonly string[] {
  if (memoryKills === null || memoryKills === 0) return []
  const programs =
    memoryKills === 1
      ? 'the kernel killed one of their programs'
      : `${String(memoryKills)} of their programs were killed by the kernel`
  const more = memoryLimitBytes === null ? '' : formatMemory(Math.ceil((memoryLimitBytes * 2) / gibibyte) * gibibyte)
  return [
    `${user} ran out of memory: ${programs}.${more === '' ? '' : ' To give them more:'}`,
    ...(more === '' ? [] : [`    jhub limits set --user ${shellWord(user)} --memory ${more}`]),
  ]
}
