import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {ColumnRole, HeadingRole} from './heading-words.js'
import {roleOfHeading, plainHeading} from './headings.js'

/** Columns that the person named: a heading, or a number from 1. */
export interface AskedColumns {
  readonly login?: string | undefined
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly group?: string | undefined
}

export interface FoundColumns {
  /** The last row of the headings, from 0; `undefined` where the table has none. */
  readonly headingRow?: number
  /** Of each column; those that stand on two lines are joined. */
  readonly headings: readonly string[]
  /** Which column says what, from 0. */
  readonly columns: Readonly<Partial<Record<ColumnRole, number>>>
  /** Columns that say groups too. */
  readonly moreGroups: readonly number[]
  /** A column headed as ids are, which counts the lines. */
  readonly counter?: number
}

type Row = readonly string[]

/** Titles and empty lines may stand above the headings. */
const mostAbove = 10

/** How many headings of a table are known; which of several ways to read a file is right. */
export function countHeadings(rows: readonly Row[]): number {
  return Math.max(
    0,
    ...rows.slice(0, mostAbove).map((row) => row.filter((cell) => roleOfHeading(cell) !== undefined).length),
  )
}

/** Which column says what, by the headings and by what the person named. Throws `JHUB-E100` with the headings that are there. */
export function findColumns(rows: readonly Row[], asked: AskedColumns, source: string): FoundColumns {
  const words = Object.values(asked).filter((name): name is string => name !== undefined)
  const named = new Set(words.map(plainHeading))
  const {headings, row: headingRow} = findHeadings(rows, (cell) => {
    const plain = plainHeading(cell)
    return plain !== '' && named.has(plain) ? plain : roleOfHeading(cell)?.role
  }) ?? {headings: []}
  const width = Math.max(0, ...rows.map(({length}) => length))
  const place = (flag: string, name: string | undefined) => locate(headings, width, {flag, name, source})
  const given = {
    login: place('--login-column', asked.login),
    full: place('--name-column', asked.name),
    email: place('--email-column', asked.email),
    group: place('--group-column', asked.group),
  }
  const known = byHeading(headings)
  const body = rows.slice((headingRow ?? -1) + 1)
  const isCounter = known.email !== undefined && countsLines(headings, body, known.login)
  const counter = isCounter ? known.login : undefined
  const withoutCounter = headings.map((heading, column) => (column === counter ? '' : heading))
  const columns = combine(byHeading(withoutCounter), given)
  const moreGroups = asked.group === undefined ? groupsBeside(headings, columns) : []
  if (columns.login === undefined && columns.email === undefined && !hasName(columns)) throw unknownTable(rows, source)
  return {
    headings,
    columns,
    moreGroups,
    ...definedOnly({headingRow, counter: columns.login === counter ? undefined : counter}),
  }
}

interface Headings {
  readonly headings: Row
  /** The last of their rows, from 0. */
  readonly row: number
}

/** What tells one heading from another; `undefined` for what is none. */
type Meaning = (cell: string) => string | undefined

/** The row that says most of what its columns are, or two rows that say more together. People end the search. */
function findHeadings(rows: readonly Row[], meaning: Meaning): Headings | undefined {
  const top = rows.slice(0, mostAbove)
  const people = top.findIndex((row) => row.some((cell) => /^\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*$/.test(cell)))
  return (people === -1 ? undefined : mostTelling(top.slice(0, people), meaning)) ?? mostTelling(top, meaning)
}

function mostTelling(rows: readonly Row[], meaning: Meaning): Headings | undefined {
  const single = rows.map((headings, row) => ({headings, row, isOne: false}))
  const double = rows.slice(1).map((lower, above) => {
    const upper = rows[above] ?? []
    return {headings: joinLines(upper, lower, meaning), row: above + 1, isOne: goesOn(upper, lower, meaning)}
  })
  const measured = [...single, ...double].map((found) => ({
    found,
    says: new Set(found.headings.map(meaning).filter((role) => role !== undefined)).size + (found.isOne ? 0.5 : 0),
  }))
  const most = Math.max(0, ...measured.map(({says}) => says))
  return most === 0 ? undefined : measured.find(({says}) => says === most)?.found
}

/** Whether each word of a line ends the heading above it, as `name` does under `First`. */
function goesOn(upper: Row, lower: Row, meaning: Meaning): boolean {
  const ends = lower.flatMap((cell, column) => (cell.trim() === '' ? [] : `${upper[column] ?? ''} ${cell}`))
  return ends.length > 1 && ends.every((heading) => meaning(heading) !== undefined)
}

/** `First` over `name`, or a cell that spans both lines. */
function joinLines(upper: Row, lower: Row, meaning: Meaning): Row {
  return Array.from({length: Math.max(upper.length, lower.length)}, (_, column) => {
    const [over = '', written = ''] = [upper[column]?.trim(), lower[column]?.trim()]
    const under = isRule.test(written) ? '' : written
    const both = `${over} ${under}`.trim()
    return meaning(both) === undefined && meaning(under) !== undefined ? under : both
  })
}

/** The line below the headings of a table in Markdown. */
const isRule = /^:?-{2,}:?$/

type Columns = FoundColumns['columns']

function hasName({first, last, full}: Columns): boolean {
  return first !== undefined || last !== undefined || full !== undefined
}

function byHeading(headings: Row): Readonly<Partial<Record<HeadingRole, number>>> {
  const best = new Map<HeadingRole, {readonly column: number; readonly rank: number}>()
  for (const [column, heading] of headings.entries()) {
    const found = roleOfHeading(heading)
    if (found === undefined) continue
    const before = best.get(found.role)
    if (before === undefined || found.rank < before.rank) best.set(found.role, {column, rank: found.rank})
  }
  return Object.fromEntries([...best].map(([role, {column}]) => [role, column]))
}

/** Whether an `ID` is 1, 2, 3 … as forms number their answers: nobody knows themselves by that. */
function countsLines(headings: Row, body: readonly Row[], column: number | undefined): boolean {
  if (column === undefined || plainHeading(headings[column] ?? '') !== 'id') return false
  const cells = body.map((row) => row[column]?.trim() ?? '').filter((cell) => cell !== '')
  return cells.length > 0 && cells.every((cell, index) => cell === String(index + 1))
}

function groupsBeside(headings: Row, columns: Columns): readonly number[] {
  const taken = new Set(Object.values(columns))
  return headings.flatMap((heading, column) =>
    !taken.has(column) && roleOfHeading(heading)?.role === 'group' ? [column] : [],
  )
}

/** What the person named wins. `Name` beside `Vorname` is the family name. */
function combine(
  found: Readonly<Partial<Record<HeadingRole, number>>>,
  given: {readonly [Role in ColumnRole]?: number | undefined},
): Columns {
  const named = Object.fromEntries(Object.entries(given).filter(([, column]) => column !== undefined)) as Columns
  const taken = new Set(Object.values(named))
  const free = Object.fromEntries(Object.entries(found).filter(([, column]) => !taken.has(column)))
  const {first, last, name, full = name, ...rest} = {...free, ...named} as typeof found
  if (given.full !== undefined) return {...rest, ...definedOnly({full: given.full})}
  if (first !== undefined && last !== undefined) return {...rest, first, last}
  const isOneOfTwo = name !== undefined && (first ?? last) !== undefined
  if (isOneOfTwo) return {...rest, first: first ?? name, last: last ?? name}
  return full === undefined ? {...rest, ...definedOnly({first, last})} : {...rest, full}
}

function locate(
  headings: Row,
  width: number,
  {flag, name, source}: {readonly flag: string; readonly name: string | undefined; readonly source: string},
): number | undefined {
  if (name === undefined) return undefined
  const byName = headings.findIndex((heading) => plainHeading(heading) === plainHeading(name))
  if (byName !== -1) return byName
  const number = /^\d+$/.test(name) ? Number(name) - 1 : -1
  if (number >= 0 && number < width) return number
  throw new JhubError('JHUB-E100', `${source} has no column "${name}"${listed(headings)}`, {
    fix: `${flag} takes a heading of the file, or the number of a column`,
  })
}

function listed(headings: Row): string {
  const words = headings.filter((heading) => heading !== '').map((heading) => `"${heading}"`)
  return words.length === 0 ? '' : `; it has ${words.join(', ')}`
}

function unknownTable(rows: readonly Row[], source: string): JhubError {
  const first = rows[0] ?? []
  if (first.length <= 1)
    return new JhubError(
      'JHUB-E100',
      `${source} has no heading that jhub knows; its first line is "${first[0] ?? ''}"`,
      {
        fix: [
          'For a list of logins without a heading: jhub user add - < FILE',
          'Say which column it is: --login-column 1',
        ],
      },
    )
  if (first.filter((cell) => /\S@\S/.test(cell)).length > 1)
    return new JhubError('JHUB-E100', `${source} has several people on its first line, and no headings`, {
      fix: 'Write each person on a line of their own, below a first line with the headings: Name,Email',
    })
  return new JhubError(
    'JHUB-E100',
    `jhub knows none of the columns of ${source}: ${first.map((cell) => `"${cell}"`).join(', ')}`,
    {fix: 'Say which they are, by heading or number: --login-column, --name-column, --email-column'},
  )
}
