/** A table as Excel reads it: with a byte order mark, by which it knows UTF-8. */
export function renderCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

/** Where a spreadsheet would begin a formula: at the start, and after what one of another language takes for the end of a cell. */
const formula = /^(?=[=+\-@＝＋－＠\t\r\n])|(?<=[;\t\r\n]\s*)(?=[=+\-@＝＋－＠])/gu

/** What a spreadsheet would run as a formula is kept a text. */
function cell(text: string): string {
  const safe = text.replace(formula, "'")
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
