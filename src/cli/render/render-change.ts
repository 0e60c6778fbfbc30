import type {SpecChangeResult} from '../../hub/session/spec/change-spec.js'
import {renderPlan} from './hub/render-plan.js'

/**
 * What became of a change: done and seen, saved for later, or only planned. `done` says it in the past; `nothing` is said of
 * a plan without changes.
 */
export function renderChange(
  {outcome, changes}: Pick<SpecChangeResult, 'outcome' | 'changes'>,
  done: string,
  nothing?: string,
): string {
  switch (outcome) {
    case 'planned':
      return renderPlan(changes, nothing)
    case 'saved':
      return `Saved. The hub is not running: \`jhub up\` applies it.`
    case 'unchanged':
      return 'Nothing to save. The hub is not running: `jhub up` applies the settings file.'
    case 'applied':
      return done
  }
}
