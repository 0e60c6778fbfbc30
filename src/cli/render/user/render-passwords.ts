import {renderTable} from '../text/render-table.js'

/** Names and new passwords, and how to see them again. Admins have no card. */
export function renderPasswords(
  rows: readonly (readonly [string, string])[],
  admins: readonly string[] = [],
): readonly string[] {
  const [first] = rows
  if (first === undefined) return []
  return [
    '',
    renderTable(['user', 'password'], rows),
    '',
    rows.every(([name]) => admins.includes(name))
      ? `Save it now. If it is lost: jhub user password ${first[0]}`
      : 'jhub keeps these passwords for you until they are changed. To print them: jhub cards',
  ]
}
