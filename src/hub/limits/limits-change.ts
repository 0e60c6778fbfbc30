import {setLimits, unsetLimits, type LimitScope, type LimitValues} from '../../hub-spec/edit/edit-limits.js'
import {JhubError} from '../../errors.js'
import {formatCpu, parseCpu, parseMemory} from '../../hub-spec/limits/quantity.js'
import {limitFindings} from '../../findings/limit-findings.js'
import {changeSpec, type SpecChangeResult} from '../session/spec/change-spec.js'
import type {HubContext} from '../session/hub-context.js'
import type {OpenHub} from '../session/open-hub.js'
import {differs, readRunning, type RunningLimits} from './limits-show.js'

export interface LimitsChangeResult {
  /** Whether a server has them only once it starts; those of the whole hub hold at once. */
  readonly isForNextStart: boolean
  readonly outcome: SpecChangeResult['outcome']
  readonly changes: SpecChangeResult['changes']
  /** Servers that were given the new limits while they run, as read back from the platform. */
  readonly changedInPlace: readonly RunningLimits[]
  /** Servers that still run with other limits; a restart gives them the new ones. */
  readonly mustRestart: readonly RunningLimits[]
}

/** Sets limits of everybody, a group, a person or the whole hub. A server takes them when it starts. */
export async function limitsSet(
  context: HubContext,
  options: {readonly scope: LimitScope; readonly values: LimitValues; readonly dryRun: boolean},
): Promise<LimitsChangeResult> {
  requireOrder(options.values)
  const result = await change(context, (source) => setLimits(source, options.scope, options.values), options)
  tellRounded(context, options.values)
  return result
}

/** What was typed together can be told by its flags; the settings file has none of it. */
function requireOrder({memory, memoryGuarantee, cpu, cpuGuarantee}: LimitValues): void {
  const refuse = (flag: string, least: string, most: string) =>
    new JhubError('JHUB-E102', `--${flag}-guarantee ${least} is more than --${flag} ${most}`, {
      fix: `Guarantee at most the limit: --${flag} ${least} --${flag}-guarantee ${most}`,
    })
  if (memory !== undefined && memoryGuarantee !== undefined && parseMemory(memoryGuarantee) > parseMemory(memory))
    throw refuse('memory', memoryGuarantee, memory)
  if (cpu !== undefined && cpuGuarantee !== undefined && parseCpu(cpuGuarantee) > parseCpu(cpu))
    throw refuse('cpu', cpuGuarantee, cpu)
}

/** Cores are counted in thousandths. */
function tellRounded({onEvent}: HubContext, {cpu, cpuGuarantee}: LimitValues): void {
  for (const typed of [cpu, cpuGuarantee]) {
    if (typed === undefined || typed.trim().endsWith('m') || Number(typed) === parseCpu(typed)) continue
    onEvent({type: 'note', text: `${typed} cores were rounded to ${formatCpu(parseCpu(typed))}.`})
  }
}

/** Takes limits away again, so that the next wider rule counts. */
export async function limitsUnset(
  context: HubContext,
  options: {readonly scope: LimitScope; readonly keys: readonly string[] | 'all'; readonly dryRun: boolean},
): Promise<LimitsChangeResult> {
  return change(context, (source) => unsetLimits(source, options.scope, options.keys), options)
}

async function change(
  context: HubContext,
  edit: (source: string) => string,
  {scope, dryRun}: {readonly scope: LimitScope; readonly dryRun: boolean},
): Promise<LimitsChangeResult> {
  const {hub, outcome, changes} = await changeSpec(context, {edit, dryRun})
  await warnOfRoom(context, hub)
  const late = outcome === 'applied' ? (await readRunning(hub)).filter((server) => server.differs) : []
  const tried = await Promise.all(
    late.map(async ({name, server, inForce, wanted}): Promise<RunningLimits> => {
      const now = (await hub.engine.servers.changeLimits(server, wanted)) ?? inForce
      return {user: name, inForce: now, differs: differs(now, wanted)}
    }),
  )
  return {
    isForNextStart: scope.kind !== 'total',
    outcome,
    changes,
    changedInPlace: tried.filter((server) => !server.differs),
    mustRestart: tried.filter((server) => server.differs),
  }
}

/** Says which of the limits the machine cannot hold; where it is not one machine, nothing. */
async function warnOfRoom({onEvent}: HubContext, {engine, spec}: OpenHub): Promise<void> {
  const {memory, cpu} = await engine.platform.status(spec)
  if (memory === undefined || cpu === undefined) return
  for (const {check, found, fix} of limitFindings(spec, {memoryBytes: memory.totalBytes, cores: cpu.cores}))
    onEvent({type: 'warning', text: `${check}: ${found}. To change it: ${fix ?? ''}`})
}
