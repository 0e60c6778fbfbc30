import {randomInt} from 'node:crypto'

/** Letters and digits, none of which looks like another. */
const signs = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Twelve random signs of 31, 59 bits, as `k7mp-x2wd-9rta`. */
export function generatePassword(): string {
  const group = () => Array.from({length: 4}, () => signs[randomInt(signs.length)]).join('')
  return [group(), group(), group()].join('-')
}
