import {JhubError} from '../../../errors.js'
import {generatePassword} from '../../../jupyterhub/people/generate-password.js'
import type {HubApi} from '../../../jupyterhub/hub-api.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import type {HubContext} from '../hub-context.js'
import {keepPasswords} from './generated-passwords.js'

/**
 * Makes a password for each of these people, records it here and sets it on the hub; gives the passwords by login. Throws
 * `JHUB-E210` where the hub agreed and the password does not hold. A hub of an older jhub cannot say; that is a warning.
 */
export async function givePasswords(
  context: HubContext,
  hubName: string,
  api: HubApi,
  logins: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const made = new Map(logins.map((login) => [login, generatePassword()]))
  await keepPasswords(context, hubName, made)
  await api.setPasswords(made, true)
  const checked = await api.checkPasswords(made)
  if (checked === undefined) {
    context.onEvent({
      type: 'warning',
      text: 'An older jhub made this hub, so it cannot say whether the new passwords are valid. `jhub upgrade` installs one that can.',
    })
    return made
  }
  const refused = logins.filter((login) => !checked.right.has(login))
  if (refused.length === 0) return made
  throw new JhubError('JHUB-E210', `The hub did not accept the new password of ${listNames(refused)}`, {
    fix: ['Run the same command again', 'jhub logs'],
  })
}
