import type {CardsResult} from '../../hub/cards.js'

/** The same as a table, for a mail merge; with a byte order mark, by which Excel knows UTF-8. */
export function renderCardsCsv({cards, address}: CardsResult): string {
  const rows = cards.map(({login, name, groups, password, state, loginUrl}) => [
    login,
    name,
    groups.join(' '),
    password ?? '',
    state === 'known' ? '' : state === 'chosen' ? 'chosen by the person' : 'not known; a new one: jhub user password',
    address,
    loginUrl,
  ])
  const heads = ['login', 'name', 'groups', 'password', 'note', 'address', 'login page']
  return `\uFEFF${[heads, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

/** What a spreadsheet would run as a formula is kept a text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
