import {renderTable} from './render-table.js'

/** Names and new passwords, with the word that they are shown this once. */
export function renderPasswords(rows: readonly (readonly [string, string])[]): readonly string[] {
  if (rows.length === 0) return []
  return ['', renderTable(['user', 'password'], rows), '', 'Write these passwords down now: they are not stored.']
}
