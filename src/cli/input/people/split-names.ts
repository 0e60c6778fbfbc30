import {JhubError} from '../../../errors.js'
import {roleOfHeading} from '../../../hub-spec/import/people/headings.js'
import {normaliseUserName} from '../../../hub-spec/people/user-name.js'
import {isBlank} from './is-blank.js'

export interface NameList {
  /** Each person once, as JupyterHub knows them. */
  readonly names: readonly string[]
  /** What a person must know of how they were read, one sentence each. */
  readonly notes: readonly string[]
}

interface Line {
  /** From 1. */
  readonly number: number
  /** Without a comment and spaces around it. */
  readonly text: string
}

interface Written {
  readonly line: number
  readonly text: string
  readonly name: string
}

/**
 * The names of a list: one a line; several in a line where they can be nothing but login names. `#` begins a comment at the
 * start of a line or after a space. Throws `JHUB-E100` for a table, `JHUB-E103` with every line that is no name.
 */
export function splitNames(input: string, source: string): NameList {
  const lines = linesOf(input)
  refuseTable(lines, source)
  refuseTooMany(lines, source)
  const problems: string[] = []
  const written: Written[] = []
  for (const {number, text} of lines) {
    for (const part of partsOf(text)) {
      try {
        written.push({line: number, text: part, name: normaliseUserName(part)})
      } catch (error) {
        if (!(error instanceof JhubError)) throw error
        problems.push(`  line ${String(number)}: ${error.message}`)
      }
    }
  }
  if (problems.length > 0) throw refusal(source, problems)
  const byName = Map.groupBy(written, ({name}) => name)
  return {names: [...byName.keys()], notes: [...sameNotes(byName), ...spellingNotes(byName)]}
}

/** More at once make one spec that nothing can read; a hub of this size has another way of signing in. */
const mostNames = 20_000

const mostShown = 10

function linesOf(input: string): readonly Line[] {
  return input
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((text, index) => ({number: index + 1, text: text.replace(/(?:^|\s)#.*$/u, '').trim()}))
    .filter(({text}) => !isBlank(text))
}

/** Several names in one line, each of a form that is no part of a person's name; else the line as it is. */
function partsOf(text: string): readonly string[] {
  const parts = text.split(/[\t ,]+/).filter((part) => part !== '')
  return parts.length > 1 && isLogins(parts) ? parts : [text.replace(/^[\s,]+|[\s,]+$/g, '')]
}

const kinds = [/^\d+$/, /^[a-z0-9][a-z0-9._+-]*@[a-z0-9.-]+$/i, /^[a-z0-9][a-z0-9._-]*$/]

function isLogins(parts: readonly string[]): boolean {
  return kinds.some((kind) => parts.every((part) => kind.test(part)))
}

const heading =
  /^(?:(?:(?:first|last|full|given|family|sur|user|login|student) ?)?names?|logins?|users?|e-?mails?|(?:e-?mail|mail) ?address(?:es)?|id(?: ?number)?|(?:student|user) ?id|nachname|vorname|kennung|benutzername|nom|prénom|prenom|nombre|apellidos?|correo|cognome|matricola)$/i

/** A word by which a table heads logins, addresses or names in any language, and nobody is called by it. */
function isHeading(cell: string): boolean {
  const words = cell.replace(/["\s_]+/g, ' ').trim()
  if (heading.test(words)) return true
  const role = roleOfHeading(words)?.role
  return role !== undefined && role !== 'group' && role !== 'full' && !/^[a-z]{1,3}$/i.test(words)
}

function refuseTable(lines: readonly Line[], source: string): void {
  const [first] = lines
  if (first === undefined) return
  const cells = (text: string) => text.split(/[,;\t]/).filter((cell) => cell.trim() !== '')
  const hasHeading = lines.length > 1 && cells(first.text).some(isHeading)
  const isEvenly = lines.length > 1 && lines.every(({text}) => text.split(/[\t ,]+/).filter(Boolean).length > 1)
  // A spreadsheet puts a tab between the columns that are pasted from it.
  const pasted = lines.length > 1 ? lines.find(({text}) => text.includes('\t')) : undefined
  const row = lines.find(({text}) => /"|;.*\S|\S;/.test(text) || (cells(text).length > 1 && partsOf(text).length === 1))
  const found = hasHeading || isEvenly ? first : (pasted ?? row)
  if (found === undefined) return
  throw new JhubError(
    'JHUB-E100',
    `${source} looks like a table: line ${String(found.number)} is ${quoted(found.text.slice(0, 60))}`,
    {
      fix: ['jhub user import FILE', 'Save only the column of login names, one name per line, without its heading'],
    },
  )
}

function refuseTooMany({length}: readonly Line[], source: string): void {
  if (length <= mostNames) return
  throw new JhubError(
    'JHUB-E100',
    `${source} has ${length.toLocaleString('en')} lines; jhub adds at most ${mostNames.toLocaleString('en')} people at once`,
    {fix: 'Is it the right file? It needs one name per line'},
  )
}

function refusal(source: string, problems: readonly string[]): JhubError {
  const more = problems.length - mostShown
  const shown = [...problems.slice(0, mostShown), ...(more > 0 ? [`  and ${String(more)} more`] : [])]
  return new JhubError(
    'JHUB-E103',
    `${source} has lines that are not names. Nothing was changed:\n${shown.join('\n')}`,
    {
      fix: 'Names are like ana, ana.lopez@uni.example or 20251234, one per line',
    },
  )
}

/** Names that are listed more than once, in any spelling. */
function sameNotes(byName: ReadonlyMap<string, readonly Written[]>): readonly string[] {
  return summary(
    [...byName].flatMap(([name, all]) => {
      if (all.length < 2) return []
      const places = all.map(({line, text}) => `${quoted(text)} (line ${String(line)})`)
      return [`${places.slice(0, 4).join(', ')}${places.length > 4 ? ', …' : ''}: one person, ${name}.`]
    }),
    'names appear more than once',
  )
}

/** Names that the hub knows in other letters than those written, apart from capitals. */
function spellingNotes(byName: ReadonlyMap<string, readonly Written[]>): readonly string[] {
  return summary(
    [...byName].flatMap(([name, all]) => {
      const [only, other] = all
      if (only === undefined || other !== undefined) return []
      return only.text.normalize('NFC').toLowerCase() === name ? [] : [`${quoted(only.text)} is ${name} on the hub.`]
    }),
    'names are written in other letters on the hub',
  )
}

function summary(notes: readonly string[], what: string): readonly string[] {
  const more = notes.length - mostShown
  return more > 0 ? [...notes.slice(0, mostShown), `${String(more)} more ${what}.`] : notes
}

function quoted(text: string): string {
  return `"${text}"`
}
