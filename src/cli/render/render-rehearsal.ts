import {formatDuration} from '../../hub-spec/limits/quantity.js'
import {countPeople} from '../../hub-spec/people/count-people.js'
import {formatRoughMemory} from '../../hub-spec/limits/rough-memory.js'
import type {RehearsalResult} from '../../hub/rehearse/rehearsal-result.js'
import {listNames} from '../../jupyterhub/list-names.js'
import type {Spread} from '../../load/statistics.js'
import {renderTable} from './text/render-table.js'

/** What a rehearsal says, its answer first. */
export function renderRehearsal(result: RehearsalResult): string {
  return [
    headline(result),
    '',
    renderTable(
      ['', 'p50', 'p95', 'slowest', 'people'],
      timesOf(result).map(({what, spread}) => [
        what,
        ...(spread === null
          ? ['', '', '', '']
          : [
              formatSeconds(spread.p50Ms),
              formatSeconds(spread.p95Ms),
              formatSeconds(spread.mostMs),
              String(spread.count),
            ]),
      ]),
    ),
    ...notesOf(result),
    '',
    ...renderUse(result),
    ...renderFailures(result),
    '',
    ...renderRoom(result),
    ...(result.advice.length === 0
      ? []
      : ['', 'For more:', ...result.advice.flatMap(({what, how}) => [`- ${what}:`, `    ${how}`])]),
    '',
    whatIsLeft(result),
  ].join('\n')
}

function whatIsLeft({isKept, notRemoved}: RehearsalResult): string {
  if (notRemoved !== null) return `${notRemoved}\nNext:  jhub rehearse --clean`
  return isKept
    ? 'They are still on the hub, and so are their servers. Remove them: jhub rehearse --clean'
    : 'Nothing was left on the hub.'
}

/** After `jhub rehearse --clean`. */
export function renderCleaned({removed}: {readonly removed: readonly string[]}): string {
  return removed.length === 0
    ? 'Nothing to remove: no rehearsal left anything.'
    : `Removed, with their servers, homes and accounts: ${listNames(removed)}`
}

/** Each line of times, in the order in which a person meets them. */
export function timesOf(result: RehearsalResult): readonly {readonly what: string; readonly spread: Spread | null}[] {
  const {stages, ready, loginPage} = result
  return [
    ...(result.signIn === 'token' ? [] : [{what: 'login', spread: stages.login}]),
    {what: 'server', spread: stages.server},
    {what: 'first cell', spread: stages['first cell']},
    {what: 'whole notebook', spread: stages.notebook},
    {what: 'arrival to first cell', spread: ready},
    {what: 'login page, meanwhile', spread: loginPage},
  ]
}

/** `0.42 s`, `12.3 s`. */
export function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(durationMs < 10_000 ? 2 : 1)} s`
}

/** The answer in one sentence. */
export function headline({people, finished, notebook, overMs, lastedMs}: RehearsalResult): string {
  const all = finished === people ? everybody(people) : `${String(finished)} of ${String(people)} people`
  return `${all} ran the notebook (${notebook}). They arrived within ${formatDuration(overMs)}; the last one was done after ${formatSeconds(lastedMs)}.`
}

function everybody(people: number): string {
  if (people === 1) return 'The one made-up person'
  return people === 2 ? 'Both people' : `All ${String(people)} people`
}

function notesOf({signIn}: RehearsalResult): readonly string[] {
  return signIn === 'measured' ? [] : ['The login was not measured: people sign in elsewhere, so jhub used tokens.']
}

/** What the servers used, in sentences. */
export function renderUse({
  servers,
  hubUse,
  notSeen,
  people,
  ownCoreSeconds,
  lastedMs,
}: RehearsalResult): readonly string[] {
  const own = (ownCoreSeconds * 1000) / Math.max(1, lastedMs)
  const used =
    servers === null
      ? [notSeen ?? 'What the servers used is not known.']
      : [
          `Servers used at most ${formatRoughMemory(servers.peakMemoryBytes)} of memory together, the largest ${formatRoughMemory(servers.largestBytes)}, and at most ${servers.peakCores.toFixed(2)} cores.`,
          ...(servers.coreSeconds === null
            ? []
            : [`One person took ${(servers.coreSeconds / people).toFixed(1)} core-seconds.`]),
        ]
  const hub =
    hubUse === null
      ? []
      : [
          `The hub and its proxy used at most ${formatRoughMemory(hubUse.peakMemoryBytes)} of memory and at most ${hubUse.peakCores.toFixed(2)} cores.`,
        ]
  return [...used, ...hub, `Playing the people took ${own.toFixed(2)} cores of this computer.`]
}

function renderFailures({failures}: RehearsalResult): readonly string[] {
  if (failures.length === 0) return []
  return [
    '',
    'Failed:',
    ...failures.map(
      ({stage, cause, people}) => `- ${String(people.length)} at ${stage}: ${cause} (${listNames(people)})`,
    ),
  ]
}

/** Room and how it is reckoned. */
export function renderRoom({room, notebook}: RehearsalResult): readonly string[] {
  const answer =
    room.people === null
      ? 'Room is not known: jhub found neither the memory nor a limit of servers.'
      : `Room for ${countPeople(room.people)} at this notebook (${notebook}).`
  return [answer, ...room.reckoning.map((line) => `  ${line}`)]
}
