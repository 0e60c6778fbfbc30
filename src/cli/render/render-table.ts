import Table from 'cli-table3'

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

/** Columns under upper-case heads, as kubectl and gh print them; an empty cell is a dash. */
export function renderTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: heads.map((head) => head.toUpperCase()),
    chars: noLines,
    style: {head: [], border: [], 'padding-left': 0, 'padding-right': 1, compact: true},
  })
  for (const row of rows) table.push(row.map((cell) => (cell === '' ? '-' : cell)))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
