import type {ProgramSeen} from '../engines/engine.js'
import {JhubError} from '../errors.js'
import {planSteps, type PlannedChange} from '../steps/run-steps.js'
import {findDrift} from './doctor/drift.js'
import {claimHub} from './session/ownership/claim-hub.js'
import type {HubContext} from './session/hub-context.js'
import {wholeSteps} from './session/steps/hub-steps.js'
import {openHub, type OpenHub} from './session/open-hub.js'
import {readApplied} from './session/spec/applied-spec.js'
import {expectedOf} from './session/steps/stopped-mark.js'
import {up} from './up.js'

export interface UpgradeOptions {
  readonly dryRun: boolean
  /** Asked when there is something to upgrade; throws when the answer is no. */
  readonly confirm: (upgrade: Pick<UpgradeResult, 'hub' | 'isRepair' | 'programs' | 'changes'>) => Promise<void>
}

export interface UpgradeResult {
  readonly hub: string
  readonly spec: string
  /**
   * `current`: the hub has what this jhub ships, and nothing was done. `repaired`: it had, but was not as it was brought up:
   * something was changed, stopped or lost since.
   */
  readonly outcome: 'current' | 'planned' | 'upgraded' | 'repaired'
  /** The hub has the programs of this jhub, or is so damaged that it does not say which; what is to be done is repair. */
  readonly isRepair: boolean
  /** As they were found, and as they are found now; in a plan, as they would be. */
  readonly programs: readonly {readonly name: string; readonly before: string | null; readonly after: string | null}[]
  /** Where the accounts are as they were; `null`: no copy of them was made. */
  readonly backup: string | null
  readonly changes: readonly PlannedChange[]
}

/**
 * Gives a hub the programs of this jhub, by the road of `up`: accounts are copied first, and programs that do not come up give
 * place to the ones before. A hub that has them and is not as it was brought up is repaired the same way, and so is one whose
 * configuration is too damaged to say which it has. Throws `JHUB-E204` where there is no hub, or a stopped one that does not say.
 */
export async function upgrade(context: HubContext, {dryRun, confirm}: UpgradeOptions): Promise<UpgradeResult> {
  const opened = await openHub(context)
  const {spec, file, engine} = opened
  await claimHub(context, opened)
  const hub = spec.name
  const seen = await engine.platform.programs(spec)
  if (seen === undefined) await requireBroughtUp(context, hub)
  const isRepair = seen === undefined || (!seen.areOther && (await isDamaged(context, opened)))
  const told = {hub, spec: file, isRepair, programs: (seen?.programs ?? []).map(asPlanned), backup: null, changes: []}
  if (seen?.areOther === false && !isRepair) return {...told, outcome: 'current'}
  const {steps, clearing} = wholeSteps(context, opened, await readApplied(context, hub))
  const planned = {...told, outcome: 'planned' as const, changes: await planSteps([...steps, ...clearing])}
  if (dryRun) return planned
  await confirm(planned)
  const {changes} = await up(context)
  const after = await engine.platform.programs(spec)
  const versions = new Map(after?.programs.map(({name, there}) => [name, there]))
  const before = seen === undefined ? (after?.programs ?? []).map(({name}) => ({name, before: null})) : told.programs
  return {
    ...told,
    outcome: isRepair ? 'repaired' : 'upgraded',
    programs: before.map((program) => ({...program, after: versions.get(program.name) ?? null})),
    backup: after?.backup === seen?.backup ? null : (after?.backup ?? null),
    changes,
  }
}

async function requireBroughtUp(context: HubContext, hub: string): Promise<void> {
  const expected = await expectedOf(context, hub)
  if (expected === 'absent')
    throw new JhubError('JHUB-E204', `There is no hub ${hub} yet, so nothing to upgrade`, {fix: 'jhub up'})
  if (expected === 'stopped')
    throw new JhubError('JHUB-E204', `${hub} is stopped, so jhub cannot see which versions it has`, {fix: 'jhub start'})
}

/** Whether `up` would change something of what it brought up. */
async function isDamaged(context: HubContext, opened: OpenHub): Promise<boolean> {
  return (await findDrift(context, opened)).some(({state}) => state === 'problem')
}

function asPlanned({name, there, shipped}: ProgramSeen): UpgradeResult['programs'][number] {
  return {name, before: there ?? null, after: shipped ?? null}
}
