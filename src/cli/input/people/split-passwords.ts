import {JhubError} from '../../../errors.js'
import {normaliseUserName} from '../../../hub-spec/people/user-name.js'
import {isBlank} from './is-blank.js'

export interface PasswordList {
  /** By the name by which JupyterHub knows the person. */
  readonly passwords: ReadonlyMap<string, string>
  readonly notes: readonly string[]
}

interface Line {
  /** From 1. */
  readonly number: number
  readonly text: string
}

/**
 * The passwords of a file: lines of `name:password`, or only the password for one person. Spaces around a password are not
 * part of it; a line that begins with `#` is a comment. Throws `JHUB-E100` with every line that cannot be used.
 */
export function splitPasswords(input: string, source: string, names: readonly string[]): PasswordList {
  const lines = linesOf(input)
  const wanted = new Set(names.map(normaliseUserName))
  const [first] = lines
  if (first === undefined)
    throw new JhubError('JHUB-E100', `${source} holds no password`, {fix: 'Write lines of name:password'})
  const [only] = wanted
  const given =
    wanted.size === 1 && lines.length === 1 && only !== undefined
      ? [ofOne(first, only)]
      : lines.map((line) => ofLine(line))
  const whole = given.find(({isWhole}) => isWhole === true)
  const firstLines = new Map<string | undefined, number>()
  const problems = given.flatMap(({line, name, password}) => {
    const first = firstLines.get(name)
    if (first === undefined) firstLines.set(name, line)
    const why =
      problemOf(name, password, wanted) ??
      (first === undefined ? undefined : `${name ?? ''} has a password in line ${String(first)} already`)
    return why === undefined ? [] : [`  line ${String(line)}: ${why}`]
  })
  if (problems.length > 0) throw refusal(source, problems)
  return {
    passwords: new Map(given.map(({name, password}) => [name ?? '', password.trim()])),
    notes: [
      ...(given.some(({password}) => password !== password.trim())
        ? [`Spaces before and after a password in ${source} are not part of it.`]
        : []),
      ...(whole?.password.includes(':') === true
        ? [`The whole line of ${source} is the password of ${whole.name ?? ''}: it does not begin with the name.`]
        : []),
    ],
  }
}

interface Given {
  readonly line: number
  /** Absent: the line is of another form. */
  readonly name?: string
  readonly password: string
  /** The line is nothing but the password. */
  readonly isWhole?: true
}

function linesOf(input: string): readonly Line[] {
  const lines = input
    .split(/\r\n|[\n\r]/)
    .map((text, index) => ({number: index + 1, text: text.replace(/^\uFEFF/, '')}))
    .filter(({text}) => !isBlank(text))
  return lines.filter(({text}) => !text.trimStart().startsWith('#'))
}

/** One person's file: the password alone, or with the name before it, as a table has it too. */
function ofOne({number, text}: Line, name: string): Given {
  const mark = /[:,;\t]/.exec(text)
  const before = mark === null ? '' : text.slice(0, mark.index)
  if (isName(before.replace(/^\s*["'“](.*)["'”]\s*$/, '$1'), name) && !isName(before, name))
    return {line: number, password: text}
  if (mark === null || !isName(before, name)) return {line: number, name, password: text, isWhole: true}
  return mark[0] === ':' ? {line: number, name, password: text.slice(mark.index + 1)} : {line: number, password: text}
}

function ofLine({number, text}: Line): Given {
  const colon = text.indexOf(':')
  if (colon < 1) return {line: number, password: text}
  const name = text.slice(0, colon)
  return {line: number, name: normalised(name) ?? name.trim(), password: text.slice(colon + 1)}
}

function isName(text: string, name: string): boolean {
  return normalised(text) === name
}

function normalised(text: string): string | undefined {
  try {
    return normaliseUserName(text)
  } catch (error) {
    if (error instanceof JhubError) return undefined
    throw error
  }
}

const hash = /^(?:\$(?:2[abxy]|apr1|[156y]|argon2\w*)\$|\{S?SHA\d*\})/

/** Word writes them around a word by itself, and few keyboards have them. */
const typographic = /^[“”„].*[“”]$/u

/** Never says the password. */
function problemOf(name: string | undefined, password: string, wanted: ReadonlySet<string>): string | undefined {
  if (name === undefined) return 'it is not name:password'
  if (!wanted.has(name)) return `${name} is not among the people of this command`
  if (hash.test(password.trim()))
    return `the password of ${name} is a hash, as htpasswd writes it; write the password itself`
  if (password.trim() === '') return `${name} has no password`
  if (typographic.test(password.trim()))
    return `the password of ${name} is in typographic quotes; write it without them`
  return /[\p{C}\p{Zl}\p{Zp}\uFFFD]|(?! )\p{Zs}/u.test(password.trim())
    ? `the password of ${name} has a character in it that cannot be typed`
    : undefined
}

const mostShown = 10

function refusal(source: string, problems: readonly string[]): JhubError {
  const more = problems.length - mostShown
  const shown = [...problems.slice(0, mostShown), ...(more > 0 ? [`  and ${String(more)} more`] : [])]
  return new JhubError('JHUB-E100', `${source} cannot be used. Nothing was changed:\n${shown.join('\n')}`, {
    fix: 'Write one line of name:password for each person',
  })
}
