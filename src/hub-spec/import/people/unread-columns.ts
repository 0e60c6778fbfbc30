import type {FoundColumns} from './find-columns.js'
import {roleOfHeading} from './headings.js'

/**
 * Columns that somebody may miss among those that were read, one sentence each: a heading that is there again, a number for each line, sections, and addresses
 * under an unknown one.
 */
export function unreadColumns(
  rows: readonly (readonly string[])[],
  {headingRow, headings, columns, moreGroups, counter}: FoundColumns,
): readonly string[] {
  if (headingRow === undefined) return []
  const body = rows.slice(headingRow + 1)
  const read = new Set([...Object.values(columns), ...moreGroups])
  const roles = new Set([...read].map((column) => headings[column]?.trim().toLowerCase()))
  return headings.flatMap((heading, column) => {
    if (read.has(column)) return []
    const number = String(column + 1)
    if (heading.trim() !== '' && roles.has(heading.trim().toLowerCase()))
      return [`"${heading}" is there twice; column ${number} was not read.`]
    if (column === counter)
      return [`"${heading}" counts the lines and is not the login. If it should be: --login-column ${number}`]
    if (columns.group === undefined && /^section/i.test(heading.trim()))
      return [`"${heading}" was not read. If it says who is in which group: --group-column ${number}`]
    const hasAddresses = body.length > 0 && body.every((cells) => /^\s*\S+@\S+\s*$/.test(cells[column] ?? ''))
    return hasAddresses && columns.email === undefined && roleOfHeading(heading) === undefined
      ? [`Column ${number}, "${heading}", has e-mail addresses and was not read: --email-column ${number}`]
      : []
  })
}
