import type {UpResult} from '../../hub/up.js'
import {renderPasswords} from './render-passwords.js'
import {renderPlan} from './render-plan.js'

export function renderUp(result: UpResult, {dryRun}: {dryRun: boolean}): string {
  if (dryRun) return renderPlan(result.changes)
  if (result.changes.length === 0) return `Nothing to do: ${result.hub} runs at ${result.url}, as ${result.spec} says.`
  const [admin] = result.admins
  const isPasswordOld = Object.keys(result.passwords).length === 0 && admin !== undefined
  return [
    `${result.hub} is ready: ${result.url}`,
    ...renderPasswords(Object.entries(result.passwords)),
    ...(isPasswordOld ? [`Passwords are as before. A new one: jhub user password ${admin}`] : []),
    '',
    ...result.promises.map((promise) => `- ${promise}`),
    '',
    `Spec:  ${result.spec}`,
    'Next:  jhub open · jhub user add ana ben · jhub status · jhub down',
  ].join('\n')
}
