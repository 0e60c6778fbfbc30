import {createHash} from 'node:crypto'
import {JhubError} from '../../errors.js'
import {onOneLine} from '../on-one-line.js'

const longestName = 254
/** Characters that would mean something else in an address, a path or a list of names. */
const forbidden = /[\s\p{C}\uFFFD/\\:,;#?%"'`<>|&*]/u

/**
 * The name by which JupyterHub knows a person: e-mail addresses, numbers and letters of any script are fine; capitals are
 * lowered, and letters that look the same are written the same (NFKC). Throws `JHUB-E103`.
 */
export function normaliseUserName(text: string): string {
  const name = text.normalize('NFKC').trim().toLowerCase().normalize('NFKC')
  const refuse = (why: string) =>
    new JhubError('JHUB-E103', `${shown(text)} cannot be a user's name: ${why}`, {
      fix: 'Names are like ana, ana.lopez@uni.example or 20251234',
    })
  if (name === '') throw refuse('it is empty')
  if (name.length > longestName) throw refuse(`it is longer than ${String(longestName)} characters`)
  const bad = forbidden.exec(name)?.[0]
  if (bad !== undefined) throw refuse(`it has ${seen(bad)} in it`)
  if (name.startsWith('-') || name.startsWith('.')) throw refuse(`it begins with "${name[0] ?? ''}"`)
  if (!/[\p{L}\p{N}]/u.test(name)) throw refuse('it has no letter and no digit')
  if (name === '__proto__') throw refuse('as a key of the settings file it would be lost')
  return name
}

/** What cannot be seen is named by its number. */
function seen(character: string): string {
  if (character.trim() === '') return 'white space'
  if (!/\p{C}/u.test(character)) return JSON.stringify(character)
  const number = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''
  return `an invisible character (U+${number})`
}

/** In quotes, short enough for one line, and on one. */
function shown(text: string): string {
  const line = onOneLine(text)
  return `"${line.length > 40 ? `${line.slice(0, 40)}…` : line}"`
}

const longestAccount = 32
const plainAccount = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const digits = 16
const oldDigits = 8
const mapped = /--(?:[0-9a-f]{8}|[0-9a-f]{16})$/
const oldMapped = /--[0-9a-f]{8}$/

/**
 * The account, home directory and pod name of a user: the name itself where it can be one, else what is readable of it and
 * sixteen digits of its hash, so that nobody can find two names that share one. Always `[a-z]([-a-z0-9]*[a-z0-9])?`, at
 * most 32 long. `assets/hub/jhub_names.py` says the same.
 */
export function accountName(userName: string): string {
  return mapName(userName, mapped, digits)
}

/**
 * The account that an older jhub gave. Its eight digits are too few: two names that share one can be searched for. A home
 * that was made under such a name keeps it.
 */
export function oldAccountName(userName: string): string {
  return mapName(userName, oldMapped, oldDigits)
}

function mapName(userName: string, mapped: RegExp, digits: number): string {
  if (plainAccount.test(userName) && userName.length <= longestAccount && !mapped.test(userName)) return userName
  const ascii = userName.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '')
  const slug = ascii.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  const started = /^[a-z]/.test(slug) ? slug : `u-${slug}`
  const readable = started.slice(0, longestAccount - digits - 2).replace(/-+$/, '')
  return `${readable}--${createHash('sha256').update(userName).digest('hex').slice(0, digits)}`
}
