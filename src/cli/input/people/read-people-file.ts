import {JhubError} from '../../../errors.js'
import type {HubContext} from '../../../hub/session/hub-context.js'
import {findColumns, type AskedColumns, type FoundColumns} from '../../../hub-spec/import/people/find-columns.js'
import {readPeople, type PersonRow} from '../../../hub-spec/import/people/read-people.js'
import {unreadColumns} from '../../../hub-spec/import/people/unread-columns.js'
import {readTable, type TableRead} from './read-table.js'

export interface PeopleFile {
  readonly source: string
  readonly rows: readonly PersonRow[]
  /** What was read from which column: `login` from `Kennung`. */
  readonly columns: readonly {readonly says: string; readonly heading: string}[]
}

const words = {login: 'login', full: 'name', first: 'first name', last: 'last name', email: 'e-mail', group: 'group'}

/** The people of a CSV, TSV or XLSX file, with what has to be known of how it was read. Throws `JHUB-E100`, `JHUB-E103`, `JHUB-E301`. */
export async function readPeopleFile(
  {onEvent}: Pick<HubContext, 'onEvent'>,
  path: string,
  asked: AskedColumns,
): Promise<PeopleFile> {
  const table = await readTable(path)
  const {name, rows, notes} = table
  const cells = rows.map((row) => row.cells)
  const found = findColumns(cells, asked, name)
  const read = readPeople(rows, found, name)
  if (read.people.length === 0)
    throw new JhubError('JHUB-E100', `${name} has headings, and nobody under them`, {fix: 'Is it the right file?'})
  for (const text of [...notes, ...read.notes, ...unreadColumns(cells, found), ...typeNotes(found, table)])
    onEvent({type: 'warning', text})
  const filled = Object.entries(found.columns).filter(
    ([role]) => role !== 'login' || read.people.some(({login}) => login !== undefined),
  )
  const columns = [...filled, ...found.moreGroups.map((column) => ['group', column] as const)].map(
    ([role, column]) => ({
      says: words[role as keyof typeof words],
      heading: found.headings[column] ?? `column ${String(column + 1)}`,
    }),
  )
  return {source: name, rows: read.people, columns}
}

/** What a spreadsheet made of logins and groups that were typed. */
function typeNotes(
  {columns: {login, group}, headings}: FoundColumns,
  {numberColumns, changedColumns, name}: TableRead,
): readonly string[] {
  const changed = [login, group].flatMap((column) =>
    column !== undefined && changedColumns.has(column)
      ? [
          `"${headings[column] ?? ''}" in ${name} has dates or TRUE and FALSE, which a spreadsheet makes of texts like 1-2. Give the column the format Text, and type them again.`,
        ]
      : [],
  )
  if (login === undefined || !numberColumns.has(login)) return changed
  return [
    ...changed,
    `The logins in ${name} are numbers, and a spreadsheet drops leading zeros. If some should begin with 0, give the column the format Text.`,
  ]
}
