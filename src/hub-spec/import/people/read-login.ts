import {JhubError} from '../../../errors.js'
import {normaliseUserName} from '../../people/user-name.js'
import {plainDigits} from './login-text.js'

/** What a cell of logins says: a login, what has to be known of it, or why it cannot be one. */
export interface LoginRead {
  readonly login?: string
  /** The login is not what the cell shows. */
  readonly differs?: true
  readonly problem?: string
}

/**
 * A login as the hub knows it, out of what programs make of one: Brightspace writes `#alopez`, Windows `UNI\alopez`, and a
 * spreadsheet `12.0` or `1.234.567`.
 */
export function readLogin(text: string): LoginRead {
  const bare = text.replace(/^mailto:/i, '').replace(/^#(?=[^\s#])/, '')
  const typed = plainDigits(bare)
  const written = wholeNumber(typed) ?? typed.replace(/^[^\\\s]*\\(?=[^\\]+$)/, '')
  if (written === '' || machineId.test(written)) return {}
  if (shortened.test(written))
    return {problem: `"${text}" is a number that the spreadsheet shortened; give its column the format Text`}
  if (severalNumbers.test(written))
    return {
      problem: `"${text}" may be ${written.replace(/\D/g, '')}, as a spreadsheet writes it; give its column the format Text`,
    }
  try {
    return {login: normaliseUserName(written), ...(written === bare ? {} : {differs: true as const})}
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    return {problem: error.message}
  }
}

/** Programs know people by it, and nobody can type it: Microsoft's `id`. */
const machineId = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i

/** A number that a spreadsheet has shortened is nobody's id any more. */
const shortened = /^\d+(?:[.,]\d+)?E\+?\d+$/i

/** `1.234` is a thousand and more in one language, and one and a bit in another. */
const severalNumbers = /^\d{1,3}[.,]\d{3}$/

const decimals = /^(\d+)[.,]0{1,2}$/
const thousands = [
  /^\d{1,3}([.,'’ ])\d{3}(?:\1\d{3})+(?:[.,]0{1,2})?$/,
  /^\d{1,3}([.,'’ ])\d{3}(?!\1)[.,]0{1,2}$/,
  /^\d{1,3}['’ ]\d{3}$/,
]

function wholeNumber(text: string): string | undefined {
  const [, digits] = decimals.exec(text) ?? []
  if (digits !== undefined) return digits
  return thousands.some((form) => form.test(text)) ? text.replace(/[.,]0{1,2}$/, '').replace(/\D/g, '') : undefined
}
