import path from 'node:path'
import {canConnect} from '../../../host/network/can-connect.js'
import {parseJson} from '../../../hub-spec/document/parse-json.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import {isSomethingElse} from '../../../jupyterhub/is-something-else.js'
import type {HubContext} from '../hub-context.js'

/** Cards whose address leads nowhere now. */
export interface OldCards {
  readonly address: string
  /** Whose last card shows it. */
  readonly logins: readonly string[]
}

const longestMs = 1500

/** What is wrong with these cards, as a sentence without its end. */
export function describeOldCards({address, logins}: OldCards): string {
  const whose = logins.length === 1 ? 'card' : 'cards'
  const verb = logins.length === 1 ? 'shows' : 'show'
  return `the ${whose} of ${listNames(logins)} ${verb} ${address}, where this hub does not answer now`
}

/** Says so of each address. */
export async function warnOfOldCards(context: HubContext, spec: Pick<HubSpec, 'name' | 'users'>): Promise<void> {
  for (const cards of await findOldCards(context, spec)) {
    const [first = '', ...rest] = describeOldCards(cards)
    context.onEvent({type: 'warning', text: `${first.toUpperCase()}${rest.join('')}. To print new ones: jhub cards`})
  }
}

/** Notes the address on the cards that were just made for these people: in another network, it may be another one. */
export async function notePrinted(
  context: HubContext,
  {name, users}: Pick<HubSpec, 'name' | 'users'>,
  printed: {readonly logins: readonly string[]; readonly address: string},
): Promise<void> {
  const before = [...(await printedCards(context, name))].filter(([login]) => users.has(login))
  const now = new Map([...before, ...printed.logins.map((login) => [login, printed.address] as const)])
  const text = `${JSON.stringify(Object.fromEntries(now), undefined, 2)}\n`
  await context.host.files.write(cardsFile(context, name), text, {mode: 0o600})
}

/** The cards of people on the hub that show an address at which nothing answers, or no hub. Asked of a hub that runs. */
export async function findOldCards(
  context: HubContext,
  {name, users}: Pick<HubSpec, 'name' | 'users'>,
): Promise<readonly OldCards[]> {
  const printed = [...(await printedCards(context, name))].filter(([login]) => users.has(login))
  const byAddress = Map.groupBy(printed, ([, address]) => address)
  const looked = await Promise.all(
    [...byAddress].map(async ([address, cards]) =>
      (await leadsToHub(address)) ? [] : [{address, logins: cards.map(([login]) => login)}],
    ),
  )
  return looked.flat()
}

async function leadsToHub(address: string): Promise<boolean> {
  return (await canConnect(address, longestMs)) && !(await isSomethingElse(address, longestMs))
}

/** The address on each person's last card, by login. Of a damaged file, nothing: no more than a warning depends on it. */
async function printedCards(context: HubContext, hubName: string): Promise<ReadonlyMap<string, string>> {
  const value = parseJson((await context.host.files.read(cardsFile(context, hubName))) ?? '')
  if (typeof value !== 'object' || value === null) return new Map()
  return new Map(Object.entries(value).filter(([, address]) => typeof address === 'string' && URL.canParse(address)))
}

function cardsFile({directories}: Pick<HubContext, 'directories'>, hubName: string): string {
  return path.join(directories.state, hubName, 'cards.json')
}
