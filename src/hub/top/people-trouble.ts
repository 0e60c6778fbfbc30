import type {HomeInUse, ServerUsage} from '../../engines/engine.js'
import type {HubUser} from '../../jupyterhub/hub-model.js'
import type {PersonSeen} from '../../jupyterhub/people/people-seen.js'

/** One thing that an operator may have to help a person with. Times are ISO 8601. */
export type Trouble =
  | {readonly kind: 'server failed'; readonly reason: string}
  | {readonly kind: 'out of memory'; readonly times: number}
  | {readonly kind: 'disk nearly full'; readonly freeBytes: number}
  | {readonly kind: 'failed logins'; readonly count: number; readonly lastAt: string | null}
  | {readonly kind: 'never logged in'}
  | {readonly kind: 'idle'; readonly since: string}

/** A server that nobody has used for so long is called idle. */
const idleMs = 10 * 60_000
/** A home of its own size is nearly full when less than this share of it is left. */
const leastFreeShare = 0.1

export interface PersonFacts {
  readonly user: HubUser
  /** `null`: the hub does not say who signed in. */
  readonly seen: PersonSeen | null
  readonly usage: ServerUsage | undefined
  readonly home: HomeInUse | undefined
  readonly nowMs: number
}

/** What a person has trouble with, the worst first. */
export function troubleOf({user, seen, usage, home, nowMs}: PersonFacts): readonly Trouble[] {
  const {failedStart, failedLogins = 0, lastFailedLogin, lastLogin} = seen ?? {}
  const kills = usage?.memoryKills ?? 0
  const free = home?.capacityBytes === undefined ? undefined : home.capacityBytes - home.usedBytes
  const lastUse = user.server?.ready === true ? user.server.lastActivity : undefined
  return [
    ...(failedStart === undefined || user.server !== undefined
      ? []
      : [{kind: 'server failed' as const, reason: failedStart}]),
    ...(kills === 0 ? [] : [{kind: 'out of memory' as const, times: kills}]),
    ...(free === undefined || free > (home?.capacityBytes ?? 0) * leastFreeShare
      ? []
      : [{kind: 'disk nearly full' as const, freeBytes: Math.max(0, free)}]),
    ...(failedLogins === 0
      ? []
      : [{kind: 'failed logins' as const, count: failedLogins, lastAt: lastFailedLogin ?? null}]),
    ...(seen === null || lastLogin !== undefined ? [] : [{kind: 'never logged in' as const}]),
    ...(lastUse === undefined || nowMs - Date.parse(lastUse) < idleMs ? [] : [{kind: 'idle' as const, since: lastUse}]),
  ]
}
