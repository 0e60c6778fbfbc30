import type {ServerUsage, TotalInForce} from '../engines/engine.js'
import type {HubServer} from '../jupyterhub/hub-api.js'
import type {HubContext} from './session/hub-context.js'
import {openHub, type OpenHub} from './session/open-hub.js'

export interface ServerTop {
  readonly user: string
  readonly memoryBytes: number | null
  readonly memoryLimitBytes: number | null
  /** How many of its programs the kernel ended for want of memory since it started. */
  readonly memoryKills: number | null
  /** Cores in use over the last interval. */
  readonly cpuCores: number | null
  readonly cpuLimitCores: number | null
  readonly processes: number | null
  readonly startedAt: string | null
}

export interface TopResult {
  readonly hub: string
  /** Who holds the most memory first. */
  readonly servers: readonly ServerTop[]
  readonly whole: TotalInForce
  /** Why nothing can be said of use, where nothing can. */
  readonly notSeen: string | null
}

interface Sample {
  readonly atMs: number
  readonly servers: readonly {readonly user: string; readonly server: HubServer; readonly usage?: ServerUsage}[]
  readonly notSeen: string | null
}

/** What each server uses, again and again until the signal is aborted; the first answer comes after one interval. */
export async function* top(
  context: HubContext,
  {intervalMs}: {readonly intervalMs: number},
): AsyncGenerator<TopResult, void> {
  const {host, signal} = context
  const hub = await openHub(context)
  await hub.requireApi()
  let before = await takeSample(context, hub)
  for (;;) {
    await host.clock.sleep(intervalMs, signal).catch(() => undefined)
    if (signal.aborted) return
    const now = await takeSample(context, hub)
    yield describe(hub, before, now)
    before = now
  }
}

async function takeSample({host}: HubContext, hub: OpenHub): Promise<Sample> {
  const users = await (await hub.requireApi()).users()
  const running = users.flatMap(({name, server}) => (server?.ready === true ? [{user: name, server}] : []))
  const seen = await hub.engine.usage(running.map(({server}) => server))
  const atMs = host.clock.now()
  if ('notSeen' in seen) return {atMs, servers: running, notSeen: seen.notSeen}
  const servers = running.map((each, index) => {
    const usage = seen.servers[index]
    return usage === undefined ? each : {...each, usage}
  })
  return {atMs, servers, notSeen: null}
}

async function describe(hub: OpenHub, before: Sample, now: Sample): Promise<TopResult> {
  const rows = await Promise.all(
    now.servers.map(async ({user, server, usage}): Promise<ServerTop> => {
      const limits = await hub.engine.limitsInForce(server)
      const earlier = before.servers.find((each) => each.user === user && each.server.startedAt === server.startedAt)
      return {
        user,
        memoryBytes: usage?.memoryBytes ?? null,
        memoryLimitBytes: limits.memoryBytes ?? null,
        memoryKills: usage?.memoryKills ?? null,
        cpuCores: coresUsed(earlier?.usage, usage, now.atMs - before.atMs),
        cpuLimitCores: limits.cpuCores ?? null,
        processes: usage?.processes ?? null,
        startedAt: server.startedAt ?? null,
      }
    }),
  )
  return {
    hub: hub.spec.name,
    servers: rows.toSorted((one, other) => (other.memoryBytes ?? 0) - (one.memoryBytes ?? 0)),
    whole: await hub.engine.totalInForce(hub.spec),
    notSeen: now.notSeen,
  }
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
