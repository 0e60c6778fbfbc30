import {JhubError} from '../../errors.js'
import {planSteps, runSteps, type PlannedChange} from '../../steps/run-steps.js'
import {readApplied, recordApplied} from './applied-spec.js'
import type {HubContext} from './hub-context.js'
import {openHub, type OpenHub} from './open-hub.js'
import {rosterSteps} from './roster-steps.js'
import {loadSpec, readStored, saveSpec} from './spec-store.js'
import {withLock} from './with-lock.js'

export interface SpecChange {
  /** The new text of the spec. Pure. */
  readonly edit: (source: string) => string
  /** Passwords that the person gave, by user. */
  readonly passwords?: ReadonlyMap<string, string>
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
    const roster = rosterSteps(hub, await readApplied(context, next.spec.name), change.passwords)
    const live = [...roster.steps, ...hub.engine.limitSteps(next.spec)]
    if (change.dryRun) return {hub, changes: await planSteps(live), outcome: 'planned', passwords: {}}
    if (!isRunning) {
      requireNoPasswords(change.passwords, next.spec.name)
      if (next.source !== before.source) await saveSpec(context, next)
      return {hub, changes: [], outcome: 'saved', passwords: {}}
    }
    if (next.source !== before.source) await saveSpec(context, next)
    try {
      const records = [...hub.engine.recordSteps(next.source), recordApplied(context, next.spec.name, next.source)]
      const applied = await runSteps([...live, ...records], {signal: context.signal, onEvent: context.onEvent})
      const changes = applied.filter(({step}) => !records.some(({title}) => title === step))
      await tellOutOfDate(context, hub)
      return {hub, changes, outcome: 'applied', passwords: Object.fromEntries(roster.issued)}
    } catch (error) {
      await saveSpec(context, before)
      throw error
    }
  }
  return change.dryRun ? work() : withLock(context, work)
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
