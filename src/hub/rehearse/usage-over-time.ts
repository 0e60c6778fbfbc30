import type {Engine, ServerUsage} from '../../engines/engine.js'
import type {Clock} from '../../host/clock.js'
import {isMadeUp} from '../../hub-spec/people/rehearsal-names.js'
import type {HubApi} from '../../jupyterhub/hub-api.js'
import {coresUsed} from '../top/top.js'

/** What all servers of made-up people held and used at one moment. */
export interface UsageSample {
  /** Since the first one arrived, in milliseconds. */
  readonly atMs: number
  readonly servers: number
  readonly memoryBytes: number
  /** Of the largest server. */
  readonly largestBytes: number
  /** In use since the sample before. */
  readonly cores: number
  /** Core-seconds since the servers began, where they are counted. */
  readonly coreSeconds: number | null
  /** Programs that the kernel ended for want of memory. */
  readonly memoryKills: number
  /** Of the hub and its proxy themselves; `null` where that cannot be seen. */
  readonly hub: {readonly memoryBytes: number; readonly cores: number} | null
}

export interface UsageWatched {
  readonly samples: readonly UsageSample[]
  /** Why nothing can be said, where nothing can. */
  readonly notSeen: string | null
}

export interface UsageWatch {
  /** One more look, now. */
  look(): Promise<void>
  /** Ends the watch. */
  stop(): Promise<UsageWatched>
}

interface Watched {
  readonly api: HubApi
  readonly engine: Pick<Engine, 'servers' | 'platform'>
  readonly clock: Clock
}

const leastIntervalMs = 1_000
/** Looking must not become the load itself. */
const restForEachLook = 4

/** Looks at the servers of made-up people again and again. What fails once is looked at the next time. */
export function watchUsage({api, engine, clock}: Watched): UsageWatch {
  const beganMs = clock.elapsed()
  const over = new AbortController()
  const samples: UsageSample[] = []
  let before: Before = {atMs: 0, usage: new Map()}
  let notSeen: string | null = null
  const look = async () => {
    const running = (await api.users())
      .filter(isMadeUp)
      .flatMap(({name, server}) => (server?.ready === true ? [{name, server}] : []))
    const [seen, hub] = await Promise.all([
      engine.servers.usage(running.map(({server}) => server)),
      engine.platform.usage?.(),
    ])
    const atMs = clock.elapsed() - beganMs
    if ('notSeen' in seen) {
      notSeen = seen.notSeen
      return
    }
    const usage = new Map(
      running.flatMap(({name}, index): [string, ServerUsage][] => {
        const found = seen.servers[index]
        return found === undefined ? [] : [[name, found]]
      }),
    )
    const ofHub = hub === undefined ? {} : {hub}
    samples.push(sum({atMs, usage, ...ofHub}, before))
    before = {atMs, usage, ...ofHub}
  }
  const watching = (async () => {
    while (!over.signal.aborted) {
      const from = clock.elapsed()
      await look().catch(() => undefined)
      const rest = Math.max(leastIntervalMs, restForEachLook * (clock.elapsed() - from))
      await clock.sleep(rest, over.signal).catch(() => undefined)
    }
  })()
  return {
    look: () => look().catch(() => undefined),
    async stop() {
      over.abort()
      await watching
      return {samples, notSeen}
    },
  }
}

interface Before {
  readonly atMs: number
  readonly usage: ReadonlyMap<string, ServerUsage>
  readonly hub?: ServerUsage
}

function sum({atMs, usage, hub}: Before, before: Before): UsageSample {
  const all = [...usage]
  const total = (of: (usage: ServerUsage) => number | undefined) =>
    all.reduce((added, [, each]) => added + (of(each) ?? 0), 0)
  const nothing: ServerUsage = {cpuSeconds: 0}
  const isCounted = all.every(([, {cpuSeconds}]) => cpuSeconds !== undefined)
  return {
    atMs,
    servers: all.length,
    memoryBytes: total(({memoryBytes}) => memoryBytes),
    largestBytes: Math.max(0, ...all.map(([, {memoryBytes}]) => memoryBytes ?? 0)),
    cores: all.reduce(
      (added, [name, each]) => added + (coresUsed(before.usage.get(name) ?? nothing, each, atMs - before.atMs) ?? 0),
      0,
    ),
    coreSeconds: isCounted ? total(({cpuSeconds}) => cpuSeconds) : null,
    memoryKills: total(({memoryKills}) => memoryKills),
    hub:
      hub === undefined
        ? null
        : {
            memoryBytes: hub.memoryBytes ?? 0,
            cores: coresUsed(before.hub, hub, atMs - before.atMs) ?? 0,
          },
  }
}
