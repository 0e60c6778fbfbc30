import {JhubError} from '../../../errors.js'
import {describeChangedNames} from '../../../hub-spec/auth/describe-names.js'
import type {ChangedName} from '../../../hub-spec/auth/names-after.js'
import type {HubContext} from '../../session/hub-context.js'

/** Goes on only where nobody gets another name, or that was agreed to. Throws `JHUB-E104` where it was not. */
export async function requireNames(context: HubContext, names: readonly ChangedName[]): Promise<void> {
  if (names.length === 0) return
  const question = describeChangedNames(names).join('\n')
  if (await context.agree(`${question}\nContinue?`)) return
  throw new JhubError('JHUB-E104', question, {fix: ['jhub plan', 'jhub up --yes']})
}
