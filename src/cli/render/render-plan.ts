import type {PlannedChange} from '../../steps/run-steps.js'

/** One line for each change, with whom it disturbs. */
export function renderPlan(changes: readonly PlannedChange[]): string {
  if (changes.length === 0) return 'Nothing to do: the hub is as its spec says.'
  return changes.map(({summary, disturbs}) => `~ ${summary}  [${disturbs}]`).join('\n')
}
