import {randomInt} from 'node:crypto'

/** Letters and digits, none of which looks like another. */
const signs = 'abcdefghjkmnpqrstuvwxyz23456789'

/** The hub believes that a password was generated when it has at least as many different signs. */
const leastDifferent = 5

/** Twelve random signs of 31, 59 bits, as `k7mp-x2wd-9rta`. */
export function generatePassword(): string {
  const group = () => Array.from({length: 4}, () => signs[randomInt(signs.length)]).join('')
  const password = [group(), group(), group()].join('-')
  return new Set(password.replaceAll('-', '')).size < leastDifferent ? generatePassword() : password
}
