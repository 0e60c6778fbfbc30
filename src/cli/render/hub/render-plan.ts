import type {PlanResult, UnlistedUser} from '../../../hub/plan.js'
import {describeChangedNames} from '../../../hub-spec/auth/describe-names.js'
import {describeLeftOver} from '../../../hub/rehearse/left-over.js'
import {shellWord} from '../../../hub-spec/shell-word.js'
import type {PlannedChange} from '../../../steps/run-steps.js'

/**
 * One line for each change, with whom it disturbs; where nothing disturbs anybody, no line says so. `nothing`: what is said where
 * there is no change.
 */
export function renderPlan(
  changes: readonly PlannedChange[],
  nothing = 'Nothing to do: the hub matches its settings file.',
): string {
  if (changes.length === 0) return nothing
  const isQuiet = changes.every(({disturbs}) => disturbs === 'live')
  return changes.map(({summary, disturbs}) => `~ ${summary}${isQuiet ? '' : `  [${disturbs}]`}`).join('\n')
}

/** Who gains and who loses access by the rules; people by name are listed with the changes. */
export function renderSignInChange({gain, lose, names}: PlanResult['signIn']): readonly string[] {
  return [
    ...gain.map((sentence) => `+ ${sentence}`),
    ...lose.map((sentence) => `- ${sentence}`),
    ...describeChangedNames(names),
  ]
}

/** People whom only the hub knows, and what can be done about them. */
export function renderUnlisted(users: readonly UnlistedUser[]): readonly string[] {
  if (users.length === 0) return []
  const names = users.map(({name}) => name)
  const people = users.map(({name, hasPassword}) => (hasPassword ? name : `${name} (no password)`))
  return [
    `On the hub and not in the settings file: ${people.join(', ')}. They are left as they are.`,
    `Keep them:    jhub user add ${names.map(shellWord).join(' ')}`,
    `Remove them:  jhub user remove ${names.map(shellWord).join(' ')}`,
  ]
}

/** Made-up people of a rehearsal, and what can be done about them. */
export function renderLeftOver(left: PlanResult['rehearsal']): readonly string[] {
  if (left === null) return []
  const sentence = `${describeLeftOver(left)}.`
  return left.isRunning ? [sentence] : [sentence, 'Remove them: jhub rehearse --clean']
}
