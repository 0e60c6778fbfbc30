import type {HomeInUse, HomesInUse, ServerUsage, TotalInForce} from '../../engines/engine.js'
import type {HubServer, HubUser} from '../../jupyterhub/hub-model.js'
import type {Clock} from '../../host/clock.js'
import {sortByName} from '../../hub-spec/people/sort-names.js'
import type {PersonSeen} from '../../jupyterhub/people/people-seen.js'
import {homesMeter, type HomesMeter} from './measure-homes.js'
import {troubleOf, type Trouble} from './people-trouble.js'
import type {HubContext} from '../session/hub-context.js'
import {membersOf} from '../session/people/members-of.js'
import {findOldCards, type OldCards} from '../session/people/printed-cards.js'
import {openHub, type OpenHub} from '../session/open-hub.js'

export interface ServerTop {
  readonly user: string
  /** As the spec says it. */
  readonly name: string | null
  readonly memoryBytes: number | null
  readonly memoryLimitBytes: number | null
  /** How many of its programs the kernel ended for want of memory since it started. */
  readonly memoryKills: number | null
  /** Cores in use over the last interval. */
  readonly cpuCores: number | null
  readonly cpuLimitCores: number | null
  readonly processes: number | null
  /** What the home holds on disk, as `homes.measuredAt` says. */
  readonly homeBytes: number | null
  readonly startedAt: string | null
  readonly trouble: readonly Trouble[]
}

/** Somebody whose server does not run. */
export interface PersonTop {
  readonly user: string
  readonly name: string | null
  readonly trouble: readonly Trouble[]
}

export interface TopResult {
  readonly hub: string
  /** ISO 8601: when it was looked. */
  readonly at: string
  /** Only these people are told of; `null`: everybody. */
  readonly group: string | null
  readonly servers: readonly ServerTop[]
  /** People without a running server who need help. */
  readonly others: readonly PersonTop[]
  readonly whole: TotalInForce
  /** Printed with an address at which the hub does not answer now. */
  readonly oldCards: readonly OldCards[]
  readonly homes: {
    /** ISO 8601; `null`: not measured yet. */
    readonly measuredAt: string | null
    readonly disk: {readonly freeBytes: number; readonly totalBytes: number} | null
    /** Why homes were not measured, where they were not. */
    readonly notSeen: string | null
  }
  /** Why nothing can be said of use, where nothing can. */
  readonly notSeen: string | null
}

export const topSorts = ['memory', 'cores', 'processes', 'home', 'user', 'since', 'trouble'] as const
export type TopSort = (typeof topSorts)[number]

export interface TopOptions {
  readonly intervalMs: number
  /** How long the first answer may wait for the homes to be measured. */
  readonly waitForHomesMs: number
  readonly group?: string
  readonly sort?: TopSort
}

interface Sample {
  readonly atMs: number
  readonly people: readonly HubUser[]
  readonly seen: ReadonlyMap<string, PersonSeen> | undefined
  readonly usage: ReadonlyMap<string, ServerUsage>
  readonly notSeen: string | null
}

/**
 * What each server uses and who has trouble, again and again until the signal is aborted; the first answer comes after one
 * interval. Throws `JHUB-E302` for a group that nobody is in.
 */
export async function* top(context: HubContext, options: TopOptions): AsyncGenerator<TopResult, void> {
  const {host, signal} = context
  const hub = await openHub(context)
  const members = options.group === undefined ? undefined : membersOf(hub.spec, options.group).map(([name]) => name)
  await hub.requireApi()
  const meter = homesMeter(hub.engine, host.clock, signal)
  const oldCards = everyMinute(host.clock, () => findOldCards(context, hub.spec))
  let before = await takeSample(context, hub, members)
  meter.look(namesOf(before))
  await meter.wait(options.waitForHomesMs)
  for (;;) {
    await host.clock.sleep(options.intervalMs, signal).catch(() => undefined)
    if (signal.aborted) return
    const now = await takeSample(context, hub, members)
    yield {...(await describe(hub, {before, now, meter, ...options})), oldCards: await oldCards()}
    before = now
  }
}

/** What `look` last gave, looked at again when that is a minute ago. */
function everyMinute<T>(clock: Clock, look: () => Promise<T>): () => Promise<T> {
  let last: {readonly at: number; readonly found: Promise<T>} | undefined
  return () => {
    if (last === undefined || clock.elapsed() - last.at >= 60_000) last = {at: clock.elapsed(), found: look()}
    return last.found
  }
}

function namesOf({people}: Sample): readonly string[] {
  return people.map(({name}) => name)
}

async function takeSample({host}: HubContext, hub: OpenHub, members: readonly string[] | undefined): Promise<Sample> {
  const api = await hub.requireApi()
  const [users, seen] = await Promise.all([api.users(), api.peopleSeen()])
  const people = members === undefined ? users : users.filter(({name}) => members.includes(name))
  const running = people.flatMap(({name, server}) => (server?.ready === true ? [{name, server}] : []))
  const used = await hub.engine.servers.usage(running.map(({server}) => server))
  const atMs = host.clock.now()
  if ('notSeen' in used) return {atMs, people, seen, usage: new Map(), notSeen: used.notSeen}
  const usage = running.flatMap(({name}, index) => {
    const each = used.servers[index]
    return each === undefined ? [] : [[name, each] as const]
  })
  return {atMs, people, seen, usage: new Map(usage), notSeen: null}
}

interface Look extends TopOptions {
  readonly before: Sample
  readonly now: Sample
  readonly meter: HomesMeter
}

async function describe(
  hub: OpenHub,
  {before, now, meter, group, sort = 'memory'}: Look,
): Promise<Omit<TopResult, 'oldCards'>> {
  const measured = meter.look(namesOf(now))
  const rows = await Promise.all(
    sortByName(now.people, ({name}) => name).map(async (user) => {
      const home = measured?.homes.get(user.name)
      const usage = now.usage.get(user.name)
      const seen = now.seen === undefined ? null : (now.seen.get(user.name) ?? {})
      const trouble = troubleOf({user, seen, usage, home, nowMs: now.atMs})
      const {server} = user
      if (server?.ready !== true) return {person: {user: user.name, name: nameOf(hub, user.name), trouble}}
      return {server: await describeServer(hub, {user: {...user, server}, home, trouble, before, now})}
    }),
  )
  const servers = rows.flatMap(({server}) => server ?? [])
  const others = rows.flatMap(({person}) => (person === undefined || person.trouble.length === 0 ? [] : [person]))
  return {
    hub: hub.spec.name,
    at: new Date(now.atMs).toISOString(),
    group: group ?? null,
    servers: servers.toSorted(comparisons[sort]),
    others: others.toSorted(byTrouble),
    whole: await hub.engine.servers.totalInForce(hub.spec),
    homes: describeHomes(measured),
    notSeen: now.notSeen,
  }
}

function nameOf({spec}: OpenHub, login: string): string | null {
  return spec.users.get(login)?.name ?? null
}

interface Row {
  readonly user: HubUser & {readonly server: HubServer}
  readonly home: HomeInUse | undefined
  readonly trouble: readonly Trouble[]
  readonly before: Sample
  readonly now: Sample
}

async function describeServer(hub: OpenHub, {user, home, trouble, before, now}: Row): Promise<ServerTop> {
  const {name, server} = user
  const usage = now.usage.get(name)
  const earlier = before.people.find((each) => each.name === name)
  const isSame = earlier?.server?.startedAt === server.startedAt
  const limits = await hub.engine.servers.limitsInForce(server)
  return {
    user: name,
    name: nameOf(hub, name),
    memoryBytes: usage?.memoryBytes ?? null,
    memoryLimitBytes: limits.memoryBytes ?? null,
    memoryKills: usage?.memoryKills ?? null,
    cpuCores: coresUsed(isSame ? before.usage.get(name) : undefined, usage, now.atMs - before.atMs),
    cpuLimitCores: limits.cpuCores ?? null,
    processes: usage?.processes ?? null,
    homeBytes: home?.usedBytes ?? null,
    startedAt: server.startedAt ?? null,
    trouble,
  }
}

function describeHomes(measured: (HomesInUse & {readonly measuredAt: string}) | undefined): TopResult['homes'] {
  const {measuredAt = null, disk = null, notSeen = null} = measured ?? {}
  return {measuredAt, disk, notSeen}
}

/** Core-seconds between two looks; never below nothing, when programs ended in between. */
export function coresUsed(
  before: ServerUsage | undefined,
  now: ServerUsage | undefined,
  intervalMs: number,
): number | null {
  if (now?.cpuCores !== undefined) return now.cpuCores
  if (before?.cpuSeconds === undefined || now?.cpuSeconds === undefined || intervalMs <= 0) return null
  return Math.max(0, ((now.cpuSeconds - before.cpuSeconds) * 1000) / intervalMs)
}

type Compare = (one: ServerTop, other: ServerTop) => number

/** The highest first; who is not measured comes last. */
function byMost(value: (server: ServerTop) => number | null): Compare {
  return (one, other) => (value(other) ?? -1) - (value(one) ?? -1)
}

const gravity: readonly Trouble['kind'][] = [
  'idle',
  'never logged in',
  'failed logins',
  'disk nearly full',
  'out of memory',
  'server failed',
]

/** The worst first. Rows come in the order of their people's names, in which equal ones stay. */
function byTrouble(one: PersonTop, other: PersonTop): number {
  const worst = ({trouble}: PersonTop) => Math.max(-1, ...trouble.map(({kind}) => gravity.indexOf(kind)))
  return worst(other) - worst(one)
}

const comparisons: Readonly<Record<TopSort, Compare>> = {
  memory: byMost(({memoryBytes}) => memoryBytes),
  cores: byMost(({cpuCores}) => cpuCores),
  processes: byMost(({processes}) => processes),
  home: byMost(({homeBytes}) => homeBytes),
  since: byMost(({startedAt}) => (startedAt === null ? null : -Date.parse(startedAt) + Number.MAX_SAFE_INTEGER)),
  user: () => 0,
  trouble: byTrouble,
}
