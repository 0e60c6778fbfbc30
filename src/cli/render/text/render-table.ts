import Table from 'cli-table3'
import columnsOf from 'fast-string-width'

/** A table without frame and lines. */
const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/**
 * Columns under upper-case heads, as kubectl and gh print them; an empty cell is a dash. In a terminal that is narrower than
 * that, only the first of the sets of columns in `fewer` that fits is there, or each row is a block, without its empty cells: a broken line cannot be read.
 */
export function renderTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | undefined = process.stdout.isTTY ? process.stdout.columns : undefined,
  fewer: readonly (readonly number[])[] = [],
): string {
  const fits = (lines: readonly string[]) => width === undefined || lines.every((line) => columnsOf(line) <= width)
  for (const columns of [[...heads.keys()], ...fewer]) {
    const those = (cells: readonly string[]) => columns.map((index) => cells[index] ?? '')
    const lines = renderColumns(those(heads), rows.map(those))
    if (fits(lines)) return lines.join('\n')
  }
  return renderBlocks(heads, rows)
}

function renderColumns(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const table = new Table({
    head: heads.map((head) => head.toUpperCase()),
    chars: noLines,
    style: {head: [], border: [], 'padding-left': 0, 'padding-right': 1, compact: true},
  })
  for (const row of rows) table.push(row.map((cell) => (cell === '' ? '-' : oneLine(cell))))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}

function renderBlocks([, ...heads]: readonly string[], rows: readonly (readonly string[])[]): string {
  const label = Math.max(...heads.map(({length}) => length)) + 2
  return rows
    .map(([title = '', ...cells]) =>
      [
        oneLine(title),
        ...cells.flatMap((cell, index) =>
          cell === '' || cell === '-' ? [] : [`  ${(heads[index] ?? '').toUpperCase().padEnd(label)}${oneLine(cell)}`],
        ),
      ].join('\n'),
    )
    .join('\n')
}

/** A text without line ends and tabs: a name with a line end in it would make a row that is none. */
export function oneLine(cell: string): string {
  return cell.replace(/\s*[\n\r\u0085\u2028\u2029]\s*|\t/g, ' ')
}
