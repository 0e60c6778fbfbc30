import {chartConflicts} from '../hub-spec/chart-conflicts.js'
import {planSteps, type PlannedChange} from '../steps/run-steps.js'
import {readApplied} from './session/applied-spec.js'
import type {HubContext} from './session/hub-context.js'
import {openHub} from './session/open-hub.js'
import {rosterSteps} from './session/roster-steps.js'

export interface PlanResult {
  readonly hub: string
  readonly spec: string
  readonly changes: readonly PlannedChange[]
}

/** How the hub differs from its spec. Only looks. */
export async function plan(context: HubContext): Promise<PlanResult> {
  const hub = await openHub(context)
  for (const text of chartConflicts(hub.spec)) context.onEvent({type: 'warning', text})
  const roster = rosterSteps(hub, await readApplied(context, hub.spec.name))
  const changes = await planSteps([...hub.engine.upSteps(hub.spec), ...roster.steps])
  return {hub: hub.spec.name, spec: hub.file, changes}
}
