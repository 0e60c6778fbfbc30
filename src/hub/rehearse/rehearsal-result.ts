import {definedOnly, ifDefined} from '../../defined-only.js'
import type {PlatformStatus} from '../../engines/engine.js'
import {describePlaces, memoryForServers, morePlaces, type PlacesSeen} from '../doctor/room-for-people.js'
import type {OpenHub} from '../session/open-hub.js'
import type {Driven} from '../../load/drive.js'
import type {Notebook} from '../../load/notebook.js'
import {countOverTime, spreadOf, type CurvePoint, type Spread} from '../../load/statistics.js'
import {stages, type Stage, type Visit} from '../../load/visit.js'
import {adviseRehearsal, type Advice} from './advice.js'
import {groupFailures, type FailureGroup} from './group-failures.js'
import {reckonRoom, type Room} from './room.js'
import type {UsageSample, UsageWatched} from './usage-over-time.js'

/** What a rehearsal measured. Times are milliseconds; memory is bytes. */
export interface RehearsalResult {
  readonly hub: string
  readonly address: string
  readonly people: number
  /** Who reached the end of the notebook. */
  readonly finished: number
  readonly notebook: string
  readonly overMs: number
  /** From the first arrival until the last one was done. */
  readonly lastedMs: number
  /** `token`: people sign in elsewhere, so no login was measured. */
  readonly signIn: 'measured' | 'token'
  /** `null` where nobody got so far. */
  readonly stages: Readonly<Record<Stage, Spread | null>>
  /** From the arrival of a person until their first cell was done. */
  readonly ready: Spread | null
  /** How long the login page took, once a second, for somebody who stands by. */
  readonly loginPage: Spread | null
  readonly servers: {
    readonly peakMemoryBytes: number
    readonly largestBytes: number
    readonly peakCores: number
    readonly coreSeconds: number | null
  } | null
  /** Of the hub and its proxy at their peak; `null` where that cannot be seen. */
  readonly hubUse: {readonly peakMemoryBytes: number; readonly peakCores: number} | null
  /** Why nothing is known of what servers used. */
  readonly notSeen: string | null
  /** Core-seconds that jhub itself used for playing the people: on the same computer they are missing elsewhere. */
  readonly ownCoreSeconds: number
  readonly failures: readonly FailureGroup[]
  readonly room: Room
  readonly advice: readonly Advice[]
  readonly curves: {
    readonly arrived: readonly CurvePoint[]
    readonly ready: readonly CurvePoint[]
    readonly finished: readonly CurvePoint[]
    readonly memory: readonly CurvePoint[]
    readonly cores: readonly CurvePoint[]
  }
  readonly visits: readonly Visit[]
  /** They are still there, with their servers. */
  readonly isKept: boolean
  /** Why some of them are still there though they were to be removed; `null` where they are not. */
  readonly notRemoved: string | null
}

export interface Measured {
  readonly driven: Driven
  readonly usage: UsageWatched
  readonly ownCoreSeconds: number
  readonly hub: Pick<OpenHub, 'spec'>
  readonly status: Pick<PlatformStatus, 'memory' | 'cpu' | 'forks'> & PlacesSeen
  readonly url: string
  readonly notRemoved: string | null
  readonly options: {
    readonly people: number
    readonly notebook: Notebook
    readonly overMs: number
    readonly keep: boolean
  }
}

/** Puts together what a rehearsal says. Pure. */
export function measured(facts: Measured): RehearsalResult {
  const {driven, usage, hub, status, url, options, ownCoreSeconds, notRemoved} = facts
  const {visits} = driven
  const finished = visits.filter(({failure}) => failure === undefined)
  const servers = peaks(usage.samples)
  const room = roomOf(facts, finished.length)
  const {limits, auth} = hub.spec
  const allowed = memoryForServers(limits, status.memory?.totalBytes)
  return {
    hub: hub.spec.name,
    address: url,
    people: options.people,
    finished: finished.length,
    notebook: options.notebook.name,
    overMs: options.overMs,
    lastedMs: driven.lastedMs,
    signIn: auth.method === 'password' ? 'measured' : 'token',
    stages: spreads(visits),
    ready: spreadOf(visits.flatMap(({arrivedMs, done}) => momentOf(done['first cell'], arrivedMs))),
    loginPage: spreadOf(driven.loginPageMs),
    servers,
    hubUse: hubPeaks(usage.samples),
    notSeen: usage.notSeen,
    ownCoreSeconds,
    failures: groupFailures(visits),
    room,
    advice: adviseRehearsal({
      room,
      largestBytes: servers?.largestBytes ?? null,
      limitBytes: limits.default.memoryBytes ?? null,
      memoryKills: Math.max(0, ...usage.samples.map(({memoryKills}) => memoryKills)),
      couldFork: status.forks?.isWanted === false,
      isTotalLimit: allowed?.isLimit === true,
      people: options.people,
      ...(allowed?.isLimit === true && (servers?.peakMemoryBytes ?? 0) > 0.9 * allowed.bytes
        ? {totalReached: allowed.bytes}
        : {}),
      ...definedOnly({forPlaces: ifDefined(status.places, ({boundBy}) => morePlaces[boundBy])}),
    }),
    curves: {
      arrived: countOverTime(visits.map(({arrivedMs}) => arrivedMs)),
      ready: countOverTime(visits.flatMap(({done}) => done['first cell'] ?? [])),
      finished: countOverTime(finished.flatMap(({done}) => done.notebook ?? [])),
      memory: usage.samples.map(({atMs, memoryBytes}) => ({atMs, value: memoryBytes})),
      cores: usage.samples.map(({atMs, cores}) => ({atMs, value: cores})),
    },
    visits,
    isKept: options.keep,
    notRemoved,
  }
}

function spreads(visits: readonly Visit[]): RehearsalResult['stages'] {
  const of = (stage: Stage) => spreadOf(visits.flatMap(({took}) => took[stage] ?? []))
  const [login, server, firstCell, notebook] = stages
  return {[login]: of(login), [server]: of(server), [firstCell]: of(firstCell), [notebook]: of(notebook)}
}

function momentOf(atMs: number | undefined, sinceMs: number): readonly number[] {
  return atMs === undefined ? [] : [atMs - sinceMs]
}

function peaks(samples: readonly UsageSample[]): RehearsalResult['servers'] {
  if (!samples.some(({servers}) => servers > 0)) return null
  const most = (of: (sample: UsageSample) => number) => Math.max(...samples.map(of))
  const counted = samples.flatMap(({coreSeconds}) => coreSeconds ?? [])
  return {
    peakMemoryBytes: most(({memoryBytes}) => memoryBytes),
    largestBytes: most(({largestBytes}) => largestBytes),
    peakCores: most(({cores}) => cores),
    coreSeconds: counted.length === 0 ? null : Math.max(...counted),
  }
}

function hubPeaks(samples: readonly UsageSample[]): RehearsalResult['hubUse'] {
  const seen = samples.flatMap(({hub}) => hub ?? [])
  if (seen.length === 0) return null
  return {
    peakMemoryBytes: Math.max(...seen.map(({memoryBytes}) => memoryBytes)),
    peakCores: Math.max(...seen.map(({cores}) => cores)),
  }
}

function roomOf({usage, hub, status, options}: Measured, done: number): Room {
  const {limits} = hub.spec
  const memory = memoryForServers(limits, status.memory?.totalBytes)
  const [peak] = usage.samples.toSorted((one, other) => other.memoryBytes - one.memoryBytes)
  const coreSeconds = peaks(usage.samples)?.coreSeconds
  const cores = leastOf(status.cpu?.cores, limits.total.cpuCores)
  return reckonRoom({
    people: {done, all: options.people},
    overMs: options.overMs,
    ...definedOnly({
      memory: ifDefined(memory, ({bytes, from}) => ({bytes, from})),
      peak,
      guaranteeBytes: limits.default.memoryGuaranteeBytes,
      mostServers: limits.total.servers,
      places: ifDefined(status.places, (places) => ({most: places.most, said: describePlaces(places)})),
      cores,
      coreSeconds: coreSeconds ?? undefined,
    }),
  })
}

function leastOf(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
