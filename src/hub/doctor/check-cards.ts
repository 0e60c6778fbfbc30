import type {Finding} from '../../findings/finding.js'
import type {HubContext} from '../session/hub-context.js'
import type {OpenHub} from '../session/open-hub.js'
import {describeOldCards, findOldCards} from '../session/people/printed-cards.js'

/** Whether the address on the cards that were printed still answers. Nothing of a hub that does not run: no address of it does. */
export async function checkCards(context: HubContext, hub: OpenHub): Promise<readonly Finding[]> {
  const api = await hub.connect()
  if (api === undefined || !(await api.isReady())) return []
  return (await findOldCards(context, hub.spec)).map((cards) => ({
    check: 'cards',
    state: 'warning',
    found: describeOldCards(cards),
    needed: 'the address that people can open now',
    fix: 'jhub cards   # new ones; for people who have one: jhub open --qr, on the projector',
  }))
}
