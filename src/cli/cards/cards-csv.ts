import type {CardsResult} from '../../hub/cards.js'
import {renderCsv} from '../csv.js'

/** The same as a table, for a mail merge. */
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
  return renderCsv([heads, ...rows])
}
