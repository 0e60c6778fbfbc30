import type {FoundColumns} from './find-columns.js'
import {roleOfHeading} from './headings.js'

/** Columns that somebody may miss among those that were read, one sentence each: a heading that is there again, and addresses under an unknown one. */
export function unreadColumns(
  rows: readonly (readonly string[])[],
  {headingRow, headings, columns}: FoundColumns,
): readonly string[] {
  if (headingRow === undefined) return []
  const body = rows.slice(headingRow + 1)
  const read = new Set(Object.values(columns))
  const roles = new Set([...read].map((column) => headings[column]?.trim().toLowerCase()))
  return headings.flatMap((heading, column) => {
    if (read.has(column)) return []
    const number = String(column + 1)
    if (heading.trim() !== '' && roles.has(heading.trim().toLowerCase()))
      return [`"${heading}" is there twice; column ${number} was not read.`]
    const hasAddresses = body.length > 0 && body.every((cells) => /^\s*\S+@\S+\s*$/.test(cells[column] ?? ''))
    return hasAddresses && columns.email === undefined && roleOfHeading(heading) === undefined
      ? [`Column ${number}, "${heading}", has e-mail addresses and was not read: --email-column ${number}`]
      : []
  })
}
