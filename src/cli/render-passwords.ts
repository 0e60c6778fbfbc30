import {renderTable} from './render-table.js'

/** Names and new passwords, with the word that they are shown this once. */
export function renderPasswords(passwords: Readonly<Record<string, string>>): readonly string[] {
  const rows = Object.entries(passwords)
  if (rows.length === 0) return []
  return ['', renderTable(['user', 'password'], rows), '', 'Passwords are shown this once; they are kept nowhere.']
}
