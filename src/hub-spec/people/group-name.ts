import {JhubError} from '../../errors.js'
import {rehearsalGroup} from './rehearsal-names.js'

/** The group without members in which jhub keeps the limits on the hub. */
export const policyGroup = 'jhub-policy'

/** Groups that jhub makes on the hub itself. */
export function isOwnGroup(name: string): boolean {
  return name === policyGroup || name === rehearsalGroup
}

/**
 * A group's name: small letters of any script, digits, `.`, `_` and `-`. Letters that look the same are written the same (NFKC).
 * Throws `JHUB-E103`.
 */
export function normaliseGroupName(text: string): string {
  const name = text.normalize('NFKC').trim().toLowerCase().normalize('NFKC')
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,62}$/u.test(name)) {
    throw new JhubError('JHUB-E103', `"${text}" cannot be a group's name`, {
      fix: 'Names of groups are letters, digits, ".", "_" and "-", at most 63: ta, class-a',
    })
  }
  if (isOwnGroup(name)) throw new JhubError('JHUB-E103', `The group ${name} is jhub's own`, {fix: 'Take another name'})
  return name
}
