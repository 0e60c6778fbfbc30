import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import {isOwnGroup, normaliseGroupName} from '../../people/group-name.js'
import {joinedGroups} from './joined-groups.js'
import {displayName} from './display-name.js'
import type {FoundColumns} from './find-columns.js'
import {plainHeading, roleOfHeading} from './headings.js'
import {plainLatin} from './login-text.js'
import {readEmail} from './read-email.js'
import {readLogin} from './read-login.js'
import {isFiller, isFooter, isPerson, isRemark, type RowCells} from './remarks.js'
import {RowNotes} from './row-notes.js'

/** A row of a list of people, cleaned. */
export interface PersonRow {
  /** From 1, as an editor counts. */
  readonly line: number
  /** As the file has it, normalised; absent where it has to be made. */
  readonly login?: string
  readonly name?: string
  readonly email?: string
  readonly groups: readonly string[]
}

export interface PeopleRead {
  readonly people: readonly PersonRow[]
  /** What was left out or not taken as it stands, one sentence each. */
  readonly notes: readonly string[]
}

/** A row of the file, with its line. */
export interface TableRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** Cleans the rows below the headings. Throws `JHUB-E103` with every line whose login cannot be one. */
export function readPeople(
  rows: readonly TableRow[],
  {headingRow, headings, columns, moreGroups}: FoundColumns,
  source: string,
): PeopleRead {
  const notes = new RowNotes()
  const problems: string[] = []
  const nameColumns = [columns.first, columns.last, columns.full].filter((column) => column !== undefined)
  const body = rows.slice((headingRow ?? -1) + 1).map((row) => ({...row, says: cellsOf(row, columns, nameColumns)}))
  const last = body.findLastIndex(({says}) => isPerson(says))
  const hasTwoNames = nameColumns.length > 1
  // Lists that were put one after another have their headings in the middle.
  const headingLine = wordsOf(headings)
  const isHeadingRow = (cells: readonly string[]) =>
    wordsOf(cells) === headingLine || isHeadings(cells.map(cleanCell).filter((cell) => cell !== ''))
  const below = (index: number) => body.slice(index + 1).find(({says}) => says.filled.length > 0)
  const people = body.flatMap(({line, cells, says}, index): readonly PersonRow[] => {
    const at = saidAt(cells)
    const leaveOut = (what: string, kind: string) => {
      notes.add(`lines ${kind} and were left out`, `Line ${String(line)} ${what} and was left out.`)
      return []
    }
    if (says.filled.length === 0 || isFiller(says)) return []
    if (isHeadingRow(cells)) return leaveOut('repeats the headings', 'repeat the headings')
    const isAlone = headings.length > 1 && says.filled.length === 1 && says.login === '' && !says.hasEmail
    const isTitle = isAlone && isHeadingRow(below(index)?.cells ?? [])
    if (isTitle || isRemark(says) || (last !== -1 && index > last && isFooter(says, {hasTwoNames})))
      return leaveOut(`is not a person ("${(says.filled[0] ?? '').slice(0, 40)}")`, 'are not people')
    if (nameColumns.some((column) => cells[column]?.includes('\uFFFD')))
      problems.push(`  line ${String(line)}: the name has "\uFFFD" where a letter was lost`)
    const name = displayName(at(columns.first), at(columns.last), at(columns.full))
    const email = emailOf(at(columns.email), line, notes)
    if (says.login === '' && email === undefined && name === '') return leaveOut('names nobody', 'name nobody')
    if (name === 'Test Student' && email === undefined)
      return leaveOut('is the made-up student of Canvas', 'are made-up students of Canvas')
    const isShifted = headingRow !== undefined && cells.slice(headings.length).some((cell) => cleanCell(cell) !== '')
    if (isShifted && columns.email !== undefined && email === undefined)
      problems.push(`  line ${String(line)}: more fields than headings; put a name with a comma in it in "quotes"`)
    const shown = cleanCell(cells[columns.login ?? -1] ?? '')
    if (isSheetError(shown))
      notes.add(
        'lines have an error of the spreadsheet in place of a login',
        `Line ${String(line)}: the login is ${shown}, an error of the spreadsheet; another is made of the rest of the line.`,
      )
    const {login, differs, problem} = readLogin(says.login)
    if (problem !== undefined) problems.push(`  line ${String(line)}: ${problem}`)
    if (differs === true)
      notes.add(
        'lines have another login than they show',
        `Line ${String(line)}: the login "${says.login}" is read as ${login ?? ''}.`,
      )
    return [
      {
        line,
        ...definedOnly({login, name: name === '' ? undefined : name, email}),
        groups: readGroups([columns.group, ...moreGroups].map(at).join(';'), notes),
      },
    ]
  })
  if (problems.length > 0) throw refusal(source, problems)
  return {people, notes: [...notes.all(), ...damagedNames(people), ...joinedGroups(people)]}
}

function cellsOf({cells}: TableRow, columns: FoundColumns['columns'], nameColumns: readonly number[]): RowCells {
  const at = saidAt(cells)
  return {
    filled: cells.map(cleanCell).filter((cell) => cell !== ''),
    login: at(columns.login),
    names: nameColumns.map(at).filter((name) => name !== ''),
    hasEmail: at(columns.email).includes('@'),
  }
}

/** Names that a program wrote without the letters it did not have, or as a web page does. */
function damagedNames(people: readonly PersonRow[]): readonly string[] {
  const of = (pattern: RegExp, what: string) => {
    const [first, ...others] = people.filter(({name}) => name !== undefined && pattern.test(name))
    if (first === undefined) return []
    const more = others.length === 0 ? '' : ` So do ${String(others.length)} more.`
    return [`Line ${String(first.line)}: "${first.name ?? ''}" has ${what}.${more}`]
  }
  return [
    ...of(/\p{L}\?|\?\p{L}/u, '"?" where letters may have been lost; export the list as UTF-8'),
    ...of(/&(?:#\d+|#x[\da-f]+|[a-z]+);/i, 'letters written as a web page writes them; export the list as CSV or XLSX'),
  ]
}

function wordsOf(cells: readonly string[]): string {
  return cells.map(plainHeading).join('\n')
}

/** Reads a row by its columns; empty where it has none. */
function saidAt(cells: readonly string[]): (column: number | undefined) => string {
  return (column) => (column === undefined ? '' : saidIn(cells[column] ?? ''))
}

/** What a cell says; `-`, `n/a` and the errors of a spreadsheet say nothing. */
function saidIn(cell: string): string {
  const text = cleanCell(cell)
  return /^(?:[-–—]+|n\/a|k\.\s?a\.)$/i.test(text) || isSheetError(text) ? '' : text
}

/** `#REF!`, `#DIV/0!`, `#¡VALOR!`, `#N/A`, `#NV`: what a spreadsheet shows where a formula failed, in any language. */
function isSheetError(text: string): boolean {
  return /^#(?:[¡¿]?[\p{L}\d/]{2,15}[!?]|N\/[ABD]|NV)$/iu.test(text)
}

/** Headings of another language may follow. */
function isHeadings(filled: readonly string[]): boolean {
  return filled.length > 1 && filled.every((cell) => roleOfHeading(cell) !== undefined)
}

/** Excel's ways to keep a text a text, `="007"` and `'007`, and what cannot be seen, are taken away. */
export function cleanCell(cell: string): string {
  return cell
    .replace(/^="(.*)"$/s, '$1')
    .replace(/^'(?=\d)/, '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
    .replace(/[\p{Cf}\uFFFD]/gu, (sign) => (sign === '\u200C' || sign === '\u200D' ? sign : ''))
    .trim()
    .replace(/^["“„«‟](.*)["”“»]$/su, '$1')
    .trim()
}

function emailOf(text: string, line: number, notes: RowNotes): string | undefined {
  const {email, others = [], isOther} = readEmail(text)
  if (isOther === true)
    notes.add(
      'lines have no e-mail address that can be read',
      `Line ${String(line)}: "${text.slice(0, 40)}" is not an e-mail address and was left out.`,
    )
  if (others.length > 0)
    notes.add(
      'lines have several e-mail addresses',
      `Line ${String(line)} has several e-mail addresses; the first, ${email ?? ''}, was taken.`,
    )
  return email
}

/** `Lab A, Tutors` is two groups, `lab-a` and `tutors`. */
function readGroups(text: string, notes: RowNotes): readonly string[] {
  return [...new Set(text.split(/[,;|]/).flatMap((part) => groupOf(part.trim(), notes)))]
}

/** What programs and people write for somebody who is in no group. */
const noGroup =
  /^\(?(?:none|null|nil|nan|undefined|(?:no|not in a) groups?|unassigned|not assigned|keine?|(?:ohne|keine) gruppe|aucune?|(?:aucun|sans) groupe|ningun[oa]?|(?:ningún|sin) grupo|nenhum|sem grupo|nessun[oa]?|(?:nessun|senza) gruppo|geen|geen groep)\)?$/iu

function groupOf(text: string, notes: RowNotes): readonly string[] {
  if (text === '') return []
  if (noGroup.test(text)) {
    notes.add('groups were read as none', `"${text}" is read as no group.`)
    return []
  }
  const slug = plainLatin(text)
    .replace(/[^\p{L}\p{M}\p{N}._]+/gu, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
  try {
    return [normaliseGroupName(slug)]
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    notes.add(
      'groups were left out',
      isOwnGroup(slug)
        ? `The group "${text}" was left out: jhub has a group of its own of that name. Give this one another name in the file.`
        : `The group "${text.slice(0, 40)}" was left out: write it in letters and digits in the file, or give everybody in it a group with --group NAME.`,
    )
    return []
  }
}

const mostShown = 10

function refusal(source: string, problems: readonly string[]): JhubError {
  const more = problems.length - mostShown
  const shown = [...problems.slice(0, mostShown), ...(more > 0 ? [`  and ${String(more)} more`] : [])]
  return new JhubError(
    'JHUB-E103',
    `${source} has lines that cannot be used. Nothing was changed:\n${shown.join('\n')}`,
    {
      fix: 'Fix these lines, or name another column of the file: --login-column HEADING',
    },
  )
}
