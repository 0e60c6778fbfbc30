import type {LimitsInForce, TotalInForce} from '../../engines/engine.js'
import type {HubServer} from '../../jupyterhub/hub-model.js'
import type {GroupSpec, Limits, TotalLimits} from '../../hub-spec/hub-spec.js'
import {resolveLimits, type ResolvedLimits} from '../../hub-spec/limits/resolve-limits.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub, type OpenHub} from '../session/open-hub.js'
import {requireUser} from '../session/people/require-user.js'

export interface RunningLimits {
  readonly user: string
  readonly inForce: LimitsInForce
  /** What its next server would get differs from what this one has. */
  readonly differs: boolean
}

export interface LimitsShowResult {
  readonly default: Limits
  readonly total: TotalLimits
  readonly groups: Readonly<Record<string, Limits>>
  readonly users: Readonly<Record<string, Limits>>
  /** For one person: what counts, and where each comes from. */
  readonly resolved: ResolvedLimits | null
  readonly running: readonly RunningLimits[]
  /** What really holds all servers together. */
  readonly whole: TotalInForce
  readonly platformNotes: readonly string[]
}

/** The rules of the spec, and what the platform really holds the running servers to. */
export async function limitsShow(context: HubContext, options: {readonly user?: string}): Promise<LimitsShowResult> {
  const hub = await openHub(context)
  const {spec} = hub
  const only = options.user === undefined ? undefined : requireUser(spec, options.user).name
  return {
    default: spec.limits.default,
    total: spec.limits.total,
    groups: withLimits(spec.groups),
    users: withLimits(spec.users),
    resolved: only === undefined ? null : resolveLimits(spec, only),
    running: (await readRunning(hub, only)).map(({name, inForce, differs}) => ({user: name, inForce, differs})),
    whole: await hub.engine.servers.totalInForce(spec),
    platformNotes: await hub.engine.platform.notes(spec),
  }
}

function withLimits(entries: ReadonlyMap<string, Pick<GroupSpec, 'limits'>>): Readonly<Record<string, Limits>> {
  return Object.fromEntries(
    [...entries].filter(([, {limits}]) => Object.keys(limits).length > 0).map(([name, {limits}]) => [name, limits]),
  )
}

export interface RunningServer {
  readonly name: string
  readonly server: HubServer
  readonly inForce: LimitsInForce
  readonly wanted: ResolvedLimits
  readonly differs: boolean
}

/** Every server that runs, or one person's: what it is held to, and what the rules say. */
export async function readRunning(hub: OpenHub, only?: string): Promise<readonly RunningServer[]> {
  const users = (await (await hub.connect())?.users()) ?? []
  const running = users.flatMap(({name, server}) =>
    server?.ready === true && (only === undefined || name === only) ? [{name, server}] : [],
  )
  return Promise.all(
    running.map(async ({name, server}) => {
      const inForce = await hub.engine.servers.limitsInForce(server)
      const wanted = resolveLimits(hub.spec, name)
      return {name, server, inForce, wanted, differs: differs(inForce, wanted)}
    }),
  )
}

/** The kernel counts memory in pages: less than one of them (up to 64 KiB) is no difference. */
const pageBytes = 65_536

export function differs(inForce: LimitsInForce, wanted: ResolvedLimits): boolean {
  const memory = wanted.memoryBytes?.value
  const cpu = wanted.cpuCores?.value
  const isMemoryOther =
    inForce.memoryBy !== 'not enforced' &&
    (memory === undefined
      ? inForce.memoryBytes !== undefined
      : Math.abs((inForce.memoryBytes ?? Infinity) - memory) >= pageBytes)
  const isCpuOther =
    inForce.cpuBy !== 'not enforced' &&
    inForce.cpuBy !== 'rlimit' &&
    (cpu === undefined ? inForce.cpuCores !== undefined : Math.abs((inForce.cpuCores ?? Infinity) - cpu) >= 0.01)
  return isMemoryOther || isCpuOther
}
