import {JhubError} from '../../../errors.js'
import {roleOfHeading, plainHeading, type ColumnRole} from './headings.js'

/** Columns that the person named: a heading, or a number from 1. */
export interface AskedColumns {
  readonly login?: string | undefined
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly group?: string | undefined
}

export interface FoundColumns {
  /** The row of the headings, from 0; `undefined` where the table has none. */
  readonly headingRow?: number
  /** Which column says what, from 0. */
  readonly columns: Readonly<Partial<Record<ColumnRole, number>>>
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
  const names = Object.values(asked).filter((name): name is string => name !== undefined)
  const isHeading = (cell: string) =>
    roleOfHeading(cell) !== undefined || names.some((name) => plainHeading(name) === plainHeading(cell) && cell !== '')
  const at = rows.slice(0, mostAbove).findIndex((row) => row.some(isHeading))
  const headings = rows[at] ?? []
  const width = Math.max(0, ...rows.map(({length}) => length))
  const place = (flag: string, name: string | undefined) => locate(headings, width, {flag, name, source})
  const given = {
    login: place('--login-column', asked.login),
    full: place('--name-column', asked.name),
    email: place('--email-column', asked.email),
    group: place('--group-column', asked.group),
  }
  const columns = combine(byHeading(headings), given)
  if (columns.login === undefined && columns.email === undefined && !hasName(columns)) throw unknownTable(rows, source)
  return {...(at === -1 ? {} : {headingRow: at}), columns}
}

type Columns = FoundColumns['columns']

function hasName({first, last, full}: Columns): boolean {
  return first !== undefined || last !== undefined || full !== undefined
}

function byHeading(headings: Row): Columns {
  const best = new Map<ColumnRole, {readonly column: number; readonly rank: number}>()
  for (const [column, heading] of headings.entries()) {
    const found = roleOfHeading(heading)
    if (found === undefined) continue
    const before = best.get(found.role)
    if (before === undefined || found.rank < before.rank) best.set(found.role, {column, rank: found.rank})
  }
  return Object.fromEntries([...best].map(([role, {column}]) => [role, column]))
}

/** What the person named wins. `Name` beside `Vorname` is the family name. */
function combine(found: Columns, given: {readonly [Role in ColumnRole]?: number | undefined}): Columns {
  const named = Object.fromEntries(Object.entries(given).filter(([, column]) => column !== undefined))
  const taken = new Set(Object.values(named))
  const isFree = ([role, column]: readonly [string, number]) =>
    !taken.has(column) && !(given.full !== undefined && ['first', 'last'].includes(role))
  const free = Object.fromEntries(Object.entries(found).filter(isFree))
  if (given.full !== undefined) return {...free, ...named}
  const {full, ...rest} = {...free, ...named} as Columns
  if (full === undefined) return rest
  if (rest.first === undefined) return rest.last === undefined ? {...rest, full} : {...rest, first: full}
  return rest.last === undefined ? {...rest, last: full} : rest
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
  return new JhubError(
    'JHUB-E100',
    `jhub knows none of the columns of ${source}: ${first.map((cell) => `"${cell}"`).join(', ')}`,
    {fix: 'Say which they are, by heading or number: --login-column, --name-column, --email-column'},
  )
}
