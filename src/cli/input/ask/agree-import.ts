import {JhubError} from '../../../errors.js'
import type {ImportPlan} from '../../../hub/user/user-import.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import {agreeOr, requireYes, type Asker} from './ask.js'

/**
 * Asks whether to go on with an import: where people are removed, somebody has to answer; where people are only added, who
 * sits at a terminal is asked. Throws `JHUB-E104`, `JHUB-E130`.
 */
export async function agreeToImport(
  who: Asker,
  {removed}: ImportPlan,
  answer: {readonly yes: boolean; readonly signal: AbortSignal},
): Promise<void> {
  if (removed.length > 0) {
    const message = `This removes ${listNames(removed)}: their servers stop, their passwords are deleted, their files stay. Continue?`
    return requireYes(who, {message, ...answer})
  }
  if (who.isInteractive && !(await agreeOr(who, answer)('Import them?')))
    throw new JhubError('JHUB-E130', 'Nothing was changed')
}
