import type {PlannedChange} from '../../../steps/run-steps.js'

/** What a hub that is stopped or removed loses, and whom that disturbs. `[live]` would say that the hub goes on. */
export function renderRemoval({summary, disturbs}: PlannedChange): string {
  return disturbs === 'live' ? `~ ${summary}` : `~ ${summary}  [${disturbs}]`
}
