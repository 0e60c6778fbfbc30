import type {StopResult} from '../../hub/stop.js'
import {renderPlan} from './render-plan.js'

export function renderStop({hub, changes}: StopResult, {dryRun}: {dryRun: boolean}): string {
  if (dryRun) return renderPlan(changes)
  return [
    changes.length === 0 ? `${hub} did not run.` : `${hub} is stopped; people, passwords and files are kept.`,
    'Next:  jhub start',
  ].join('\n')
}
