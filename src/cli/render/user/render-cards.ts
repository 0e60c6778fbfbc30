import type {CardsResult} from '../../../hub/cards.js'
import {shellWord} from '../../../hub-spec/shell-word.js'
import {listNames} from '../../../jupyterhub/list-names.js'

/** What was written, for whom it holds no password, and that it has to go. */
export function renderCards({cards, address}: CardsResult, files: readonly string[]): string {
  const of = (state: string) => cards.filter((card) => card.state === state).map(({login}) => login)
  const [chosen, lost] = [of('chosen'), of('lost')]
  const count = cards.length === 1 ? '1 card' : `${String(cards.length)} cards`
  return [
    `Wrote ${count} for ${address}:`,
    ...files.map((file) => `  ${file}`),
    ...(chosen.length === 0 ? [] : [`Chose their own password, so their cards show none: ${listNames(chosen)}.`]),
    ...(lost.length === 0
      ? []
      : [`Their passwords were made elsewhere and are not known here: ${listNames(lost)}. New ones: --new-passwords`]),
    files.length === 1
      ? 'The file holds passwords. Only this account can read it. Delete it when it is printed:'
      : 'The files hold passwords. Only this account can read them. Delete them when they are printed:',
    `       rm ${files.map(shellWord).join(' ')}`,
  ].join('\n')
}
