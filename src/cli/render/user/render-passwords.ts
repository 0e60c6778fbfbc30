import {renderTable} from '../text/render-table.js'

/** Names and new passwords, with the word where they are kept. */
export function renderPasswords(rows: readonly (readonly [string, string])[]): readonly string[] {
  if (rows.length === 0) return []
  return [
    '',
    renderTable(['user', 'password'], rows),
    '',
    'jhub keeps these passwords for you until they are changed. To print them: jhub cards',
  ]
}
