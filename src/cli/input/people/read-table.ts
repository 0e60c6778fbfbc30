import {JhubError} from '../../../errors.js'
import {countHeadings} from '../../../hub-spec/import/people/find-columns.js'
import type {TableRow} from '../../../hub-spec/import/people/read-people.js'
import {ambiguous, possibleTexts, type DecodedText} from '../decode-text.js'
import {likeliest} from '../encodings/older-text.js'
import {requireOnceEncoded} from '../encodings/twice-encoded.js'
import {guessNotes, readBytesOf} from '../read-text.js'

export interface TableRead {
  /** The path as it was typed, or `standard input`. */
  readonly name: string
  readonly rows: readonly TableRow[]
  /** Columns, from 0, in which a spreadsheet keeps numbers: they have lost the zeros before them. */
  readonly numberColumns: ReadonlySet<number>
  /** Columns, from 0, with dates or TRUE and FALSE, which a spreadsheet makes of `1-2` and other texts. */
  readonly changedColumns: ReadonlySet<number>
  readonly notes: readonly string[]
}

const mostBytes = 20_000_000
const mostRows = 20_000

/**
 * The rows of a CSV, TSV or XLSX file; of a workbook, those of the sheet in which most headings are known. Throws `JHUB-E301` when the file
 * is not there, `JHUB-E100` when it is no table.
 */
export async function readTable(path: string): Promise<TableRead> {
  const name = path === '-' ? 'standard input' : path
  const bytes = await readBytesOf(path)
  if (bytes.length > mostBytes)
    throw refuse(
      `${name} has ${(bytes.length / 1e6).toFixed(0)} MB; a list of people is smaller`,
      'Is it the right file?',
    )
  const table = isZip(bytes) ? await readWorkbook(bytes, name) : await readDelimited(bytes, name)
  if (table.rows.length > mostRows)
    throw refuse(
      `${name} has ${table.rows.length.toLocaleString('en')} rows; jhub imports at most ${mostRows.toLocaleString('en')} people at once`,
      'Is it the right file?',
    )
  if (table.rows.every(({cells}) => cells.every((cell) => cell.trim() === '')))
    throw refuse(`${name} is empty`, 'Is it the right file?')
  return {name, ...table}
}

type Table = Omit<TableRead, 'name'>

async function readDelimited(bytes: Uint8Array, name: string): Promise<Table> {
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    throw refuse(
      `${name} is a workbook of an old Excel (.xls)`,
      'Save it as .xlsx or as CSV, then run the same command again',
    )
  const {parse, CsvError} = await import('csv-parse/sync')
  const problems: InstanceType<typeof CsvError>[] = []
  const rowsOf = (text: string, delimiter: string): readonly TableRow[] | undefined => {
    try {
      const records = parse(text, {
        delimiter,
        info: true,
        bom: true,
        relax_quotes: true,
        relax_column_count: true,
        skip_empty_lines: true,
        record_delimiter: ['\r\n', '\n', '\r'],
      }) as unknown as readonly {readonly record: string[]; readonly info: {readonly lines: number}}[]
      return records.map(({record, info}) => ({line: info.lines, cells: record}))
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      problems.push(error)
      return undefined
    }
  }
  const texts = await possibleTexts(bytes, name)
  requireTable(texts, name)
  const found = bestWay(
    texts.flatMap((read) => {
      const {text, delimiters} = delimitersOf(read.text)
      return delimiters.flatMap((delimiter) => {
        const rows = rowsOf(text, delimiter)
        return rows === undefined ? [] : [{rows, read}]
      })
    }),
    name,
  )
  if (found === undefined || (problems.length > 0 && found.rows.every(({cells}) => cells.length === 1))) {
    throw new JhubError(
      'JHUB-E100',
      `${name} cannot be read as a table: ${problems[0] === undefined ? 'it is not text' : tableProblem(problems[0])}`,
      {
        fix: 'Close every quotation mark in the field that opens it',
        cause: problems[0],
      },
    )
  }
  await requireOnceEncoded({name, text: found.read.text})
  return {
    rows: found.rows,
    numberColumns: new Set(),
    changedColumns: new Set(),
    notes: guessNotes({...found.read, name}),
  }
}

/** A quotation mark that stays open is told by its row: the parser counts to the end of the file. */
function tableProblem({
  code,
  message,
  records,
}: Error & {readonly code: string; readonly [key: string]: unknown}): string {
  return code === 'CSV_QUOTE_NOT_CLOSED'
    ? `a quotation mark in row ${String(Number(records) + 1)} is not closed`
    : message
}

/** What may stand between the fields; a first line of Excel's says it, `sep=;`. */
function delimitersOf(text: string): {readonly text: string; readonly delimiters: readonly string[]} {
  const [, said] = /^\uFEFF?"?sep=(.)"?\r?\n/i.exec(text) ?? []
  return said === undefined
    ? {text, delimiters: ['\t', ';', ',', '|']}
    : {text: text.replace(/^.*\n/, '\n'), delimiters: [said]}
}

/** Learning platforms call a web page with a table in it `.xls`, and phones write cards. */
function requireTable([first]: readonly DecodedText[], name: string): void {
  if (/^\s*<(?:!doctype|html|head|meta|style|table|\?xml)\b/i.test(first?.text ?? ''))
    throw refuse(
      `${name} is a web page, not a table, whatever its name says`,
      'Open it in a spreadsheet and save it as .xlsx or as CSV, then run the same command again',
    )
  if (/^\s*BEGIN:VCARD\b/i.test(first?.text ?? ''))
    throw refuse(
      `${name} is a file of contacts (vCard), not a table`,
      'Export the contacts as CSV, then run the same command with that file',
    )
}

interface Way {
  readonly rows: readonly TableRow[]
  readonly read: DecodedText
}

/**
 * The way in which most headings are known; of those, one of the likeliest text with the most columns in every row. Throws
 * `JHUB-E100` where that is several texts.
 */
function bestWay(ways: readonly Way[], name: string): Way | undefined {
  const measured = ways.map((way) => ({
    way,
    cost: way.read.cost,
    headings: countHeadings(way.rows.map(({cells}) => cells)),
    width: Math.min(...way.rows.slice(0, 20).map(({cells}) => cells.length)),
  }))
  const most = Math.max(...measured.map(({headings}) => headings))
  const likely = likeliest(measured.filter(({headings}) => headings === most))
  const texts = new Set(likely.map(({way}) => way.read))
  if (texts.size > 1) throw ambiguous([...texts], name)
  return likely.toSorted((one, other) => other.width - one.width)[0]?.way
}

async function readWorkbook(bytes: Uint8Array, name: string): Promise<Table> {
  const {default: readSheets} = await import('read-excel-file/node')
  const {withPaddedNumbers} = await import('./padded-numbers.js')
  const {unstoredFormulas} = await import('./unstored-formulas.js')
  const {unpackWorkbook, packWorkbook} = await import('./unpack-workbook.js')
  const read = async () => {
    const parts = unpackWorkbook(bytes)
    const sheets = await readSheets(Buffer.from(packWorkbook(withPaddedNumbers(parts))))
    return {sheets, unstored: unstoredFormulas(parts)}
  }
  const {sheets, unstored} = await read().catch((error: unknown) => {
    throw new JhubError('JHUB-E100', `${name} is not a workbook that can be read`, {
      fix: 'Save it as .xlsx or as CSV, then run the same command again',
      cause: error,
    })
  })
  const filled = sheets.filter(({data}) => data.some((row) => row.some((cell) => cell !== null)))
  const headings = ({data}: (typeof filled)[number]) => countHeadings(data.map((row) => row.map(cellText)))
  const [first, ...others] = filled.toSorted((one, other) => headings(other) - headings(one))
  const rows = first?.data ?? []
  return {
    rows: rows
      .map((row, index) => ({line: index + 1, cells: row.map(cellText)}))
      .filter(({cells}) => cells.some((cell) => cell !== '')),
    numberColumns: columnsWith(rows, (cell) => typeof cell === 'number'),
    changedColumns: columnsWith(rows, (cell) => typeof cell === 'boolean' || cell instanceof Date),
    notes: [
      ...(first === undefined || others.length === 0
        ? []
        : [`Of ${name}, the sheet ${first.sheet} was read; ${others.map(({sheet}) => sheet).join(', ')} was not.`]),
      ...formulaNotes(unstored, name),
    ],
  }
}

function formulaNotes([first, ...others]: readonly string[], name: string): readonly string[] {
  if (first === undefined) return []
  const cells = others.length === 0 ? `Cell ${first}` : `Cell ${first} and ${String(others.length)} more`
  const are =
    others.length === 0 ? 'has a formula without its result and was' : 'have formulas without their results and were'
  return [`${cells} in ${name} ${are} read as empty. Open the file in a spreadsheet, save it, and import it again.`]
}

function columnsWith(rows: readonly (readonly unknown[])[], isMeant: (cell: unknown) => boolean): ReadonlySet<number> {
  return new Set(rows.flatMap((row) => row.flatMap((cell, column) => (isMeant(cell) ? [column] : []))))
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  if (typeof cell === 'number') return Math.abs(cell) < mostDigits ? String(cell) : cell.toExponential()
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}

/** A spreadsheet keeps fifteen digits, and puts zeros for the others. */
const mostDigits = 1e15

function isZip(bytes: Uint8Array): boolean {
  return startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)
}

function startsWith(bytes: Uint8Array, ...first: readonly number[]): boolean {
  return first.every((byte, index) => bytes[index] === byte)
}

function refuse(message: string, fix: string): JhubError {
  return new JhubError('JHUB-E100', message, {fix})
}
