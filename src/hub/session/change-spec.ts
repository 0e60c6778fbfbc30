import {JhubError} from '../../errors.js'
import {planSteps, runSteps, type PlannedChange} from '../../steps/run-steps.js'
import type {Step} from '../../steps/step.js'
import {readApplied, recordApplied} from './applied-spec.js'
import type {HubContext} from './hub-context.js'
import {openHub, type OpenHub} from './open-hub.js'
import {rosterSteps} from './roster-steps.js'
import {loadSpec, readStored, saveSpec, type StoredSpec} from './spec-store.js'
import {withLock} from './with-lock.js'

export interface SpecChange {
  /** The new text of the spec. Pure. */
  readonly edit: (source: string) => string
  /** Passwords that the person gave, by user. */
  readonly passwords?: ReadonlyMap<string, string>
  /** People to remove from the hub whom neither this spec nor the applied one names. */
  readonly remove?: readonly string[]
  /** What comes after all that, while no other jhub may work on the hub. */
  readonly finish?: (hub: OpenHub) => readonly Step[]
  readonly dryRun: boolean
}

export interface SpecChangeResult {
  readonly hub: OpenHub
  readonly changes: readonly PlannedChange[]
  /** `saved`: the hub is not running; it is applied by the next `jhub up`. */
  readonly outcome: 'applied' | 'saved' | 'planned'
  readonly passwords: Readonly<Record<string, string>>
}

/**
 * The one road of every small verb: load, edit, validate, save, apply people, groups and limits. When applying fails, the
 * old spec is put back.
 */
export async function changeSpec(context: HubContext, change: SpecChange): Promise<SpecChangeResult> {
  const work = async (): Promise<SpecChangeResult> => {
    const before = await loadSpec(context)
    const next = readStored(before.file, change.edit(before.source))
    const hub = await openHub(context, next)
    const isRunning = (await hub.engine.connect()) !== undefined
    const {passwords, remove} = change
    const roster = rosterSteps(hub, await readApplied(context, next.spec.name), {passwords, remove})
    const finish = change.finish?.(hub) ?? []
    const live = [...roster.steps, ...hub.engine.limitSteps(next.spec)]
    if (change.dryRun) return {hub, changes: await planSteps([...live, ...finish]), outcome: 'planned', passwords: {}}
    if (!isRunning) {
      requireNoPasswords(passwords, next.spec.name)
      if (next.source !== before.source) await saveSpec(context, next)
      return {hub, changes: await finishUp(context, finish), outcome: 'saved', passwords: {}}
    }
    if (next.source !== before.source) await saveSpec(context, next)
    const changes = await applyRoster(context, {hub, before, live})
    await tellOutOfDate(context, hub)
    return {
      hub,
      changes: [...changes, ...(await finishUp(context, finish))],
      outcome: 'applied',
      passwords: Object.fromEntries(roster.issued),
    }
  }
  return change.dryRun ? work() : withLock(context, work)
}

/** Applies people, groups and limits, and keeps the spec with the hub; puts the old spec back when that fails. */
async function applyRoster(
  context: HubContext,
  {hub, before, live}: {readonly hub: OpenHub; readonly before: StoredSpec; readonly live: readonly Step[]},
): Promise<readonly PlannedChange[]> {
  const {spec, source, engine} = hub
  try {
    const records = [...engine.recordSteps(source), recordApplied(context, spec.name, source)]
    const applied = await runSteps([...live, ...records], {signal: context.signal, onEvent: context.onEvent})
    return applied.filter(({step}) => !records.some(({title}) => title === step))
  } catch (error) {
    await saveSpec(context, before)
    throw error
  }
}

/** What was begun is not taken back: the next run of the same command goes on. */
function finishUp(context: HubContext, steps: readonly Step[]): Promise<readonly PlannedChange[]> {
  return runSteps(steps, {signal: context.signal, onEvent: context.onEvent, keepOnFailure: true})
}

function requireNoPasswords(passwords: ReadonlyMap<string, string> | undefined, name: string): void {
  if (passwords === undefined || passwords.size === 0) return
  throw new JhubError('JHUB-E204', `The hub ${name} is not running, and only it can keep a password`, {fix: 'jhub up'})
}

async function tellOutOfDate(context: HubContext, hub: OpenHub): Promise<void> {
  const left = await planSteps(hub.engine.quickSteps(hub.spec))
  if (left.length === 0) return
  context.onEvent({
    type: 'warning',
    text: `The hub differs from the spec elsewhere: ${left.map(({summary}) => summary).join('; ')}. \`jhub up\` applies it.`,
  })
}
