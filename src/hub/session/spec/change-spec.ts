import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import type {PackageChoice} from '../../../engines/engine.js'
import {planSteps, runSteps, type PlannedChange} from '../../../steps/run-steps.js'
import type {Step} from '../../../steps/step.js'
import {readApplied, recordApplied} from './applied-spec.js'
import {claimHub} from '../ownership/claim-hub.js'
import type {HubContext} from '../hub-context.js'
import {notYetRemoved, withNotYetRemoved, type NotYetRemoved} from './not-yet-removed.js'
import {liveSteps, recordSteps} from '../steps/hub-steps.js'
import {openHub, type OpenHub} from '../open-hub.js'
import {planSaving} from './plan-saving.js'
import {readStored, type StoredSpec} from './read-stored.js'
import {loadSpec, saveSpec} from './spec-store.js'
import {withLock} from '../with-lock.js'

export interface SpecChange {
  /** The new text of the spec, from the text as it is and what that says. Pure. */
  readonly edit: (source: string, before: HubSpec) => string
  /** Passwords that the person gave and that are to be set, by user. */
  readonly passwords?: (before: HubSpec) => ReadonlyMap<string, string>
  /** People to remove from the hub whom neither this spec nor the one before names. */
  readonly remove?: readonly string[]
  /** Builds the images of the spec first, some of them anew where that is asked for. */
  readonly images?: {readonly choice?: PackageChoice}
  /** What comes after all that, while no other jhub may work on the hub. */
  readonly finish?: (hub: OpenHub) => readonly Step[]
  readonly dryRun: boolean
}

export interface SpecChangeResult {
  readonly hub: OpenHub
  /** What the spec said until then. */
  readonly before: HubSpec
  readonly changes: readonly PlannedChange[]
  /** Whether the settings file has another text now, or would have. */
  readonly isFileChanged: boolean
  /** `saved`: the hub is not running; it is applied by the next `jhub up`. `unchanged`: nor was there anything to save. */
  readonly outcome: 'applied' | 'saved' | 'unchanged' | 'planned'
  readonly passwords: Readonly<Record<string, string>>
}

/**
 * The one road of every small verb: load, edit, validate, save, apply people, groups and limits. Removes only what the edit
 * removes. When applying fails, the old spec is put back. Throws `JHUB-E404` for a hub of another settings file.
 */
export async function changeSpec(context: HubContext, change: SpecChange): Promise<SpecChangeResult> {
  const work = async (): Promise<SpecChangeResult> => {
    const before = await loadSpec(context)
    const next = readStored(before.file, change.edit(before.source, before.spec))
    const hub = await openHub(context, next)
    const claim = await claimHub(context, {...hub, source: before.source})
    const passwords = change.passwords?.(before.spec)
    const isFileChanged = next.source !== before.source
    const told = {hub, before: before.spec, isFileChanged}
    const isRunning = (await hub.engine.connect()) !== undefined
    const left = notYetRemoved(await readApplied(context, next.spec.name), before.spec, next.spec)
    tellNotYetRemoved(context, left, before.file)
    const {images, remove} = change
    const {steps: live, clearing, issued} = liveSteps(context, hub, before.spec, {images, passwords, remove})
    const finish = change.finish?.(hub) ?? []
    if (change.dryRun && isRunning)
      return {...told, changes: await planSteps([...live, ...clearing, ...finish]), outcome: 'planned', passwords: {}}
    if (change.dryRun) {
      const changes = [...(isFileChanged ? [planSaving(before.spec, next.spec)] : []), ...(await planSteps(finish))]
      return {...told, changes, outcome: changes.length === 0 ? 'unchanged' : 'planned', passwords: {}}
    }
    if (!isRunning) {
      requireNoPasswords(passwords, next.spec.name)
      // A place that cannot be reached says so before anything is saved.
      const changes = await finishUp(context, finish)
      if (isFileChanged) await saveSpec(context, next)
      const isSame = !isFileChanged && changes.length === 0
      return {...told, changes, outcome: isSame ? 'unchanged' : 'saved', passwords: {}}
    }
    if (isFileChanged) await saveSpec(context, next)
    const applied = withNotYetRemoved(next.source, left)
    const records = [
      claim.step,
      ...recordSteps(hub, applied, claim.owner),
      recordApplied(context, next.spec.name, applied),
    ]
    const changes = await applyLive(context, {before, live, records})
    await tellOutOfDate(context, hub)
    return {
      ...told,
      changes: [...changes, ...(await finishUp(context, [...clearing, ...finish]))],
      outcome: 'applied',
      passwords: Object.fromEntries(issued),
    }
  }
  return change.dryRun ? work() : withLock(context, work)
}

interface Applied {
  readonly before: StoredSpec
  readonly live: readonly Step[]
  readonly records: readonly Step[]
}

/** Applies people, groups and limits, and records the spec with the hub; puts the old spec back when that fails. */
async function applyLive(context: HubContext, {before, live, records}: Applied): Promise<readonly PlannedChange[]> {
  try {
    const done = await runSteps([...live, ...records], {signal: context.signal, onEvent: context.onEvent})
    return done.filter(({step}) => !records.some(({title}) => title === step))
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

function tellNotYetRemoved({onEvent}: HubContext, {users, groups}: NotYetRemoved, file: string): void {
  const left = [
    ...(users.length === 0 ? [] : [listNames(users)]),
    ...(groups.length === 0 ? [] : [`the ${groups.length === 1 ? 'group' : 'groups'} ${listNames(groups)}`]),
  ]
  if (left.length === 0) return
  onEvent({
    type: 'warning',
    text: `No longer in ${file}, but still on the hub: ${left.join('; ')}. This command leaves them alone; \`jhub up\` removes them.`,
  })
}

async function tellOutOfDate(context: HubContext, hub: OpenHub): Promise<void> {
  const left = await planSteps(hub.engine.steps.quick(hub.spec))
  if (left.length === 0) return
  context.onEvent({
    type: 'warning',
    text: `The hub differs from the settings file elsewhere: ${left.map(({summary}) => summary).join('; ')}. \`jhub up\` applies it.`,
  })
}
