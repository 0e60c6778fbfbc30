import type {PlannedChange} from '../../../steps/run-steps.js'

/**
 * What a hub that is stopped or removed loses, a line each, and whom that disturbs. `[live]` would say that the hub goes on.
 * `nothing`: what is said where there is none.
 */
export function renderRemoval(changes: readonly PlannedChange[], nothing: string): string {
  if (changes.length === 0) return nothing
  return changes
    .map(({summary, disturbs}) => (disturbs === 'live' ? `~ ${summary}` : `~ ${summary}  [${disturbs}]`))
    .join('\n')
}
