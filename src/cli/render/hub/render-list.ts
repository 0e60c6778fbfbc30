import {usableUrl} from '../../../jupyterhub/hub-addresses.js'
import type {ListedHub} from '../../../hub/list.js'
import {isNotSetUp, notSetUp} from './render-status.js'
import {renderNext} from '../text/render-next.js'
import {renderTable} from '../text/render-table.js'

export function renderList(hubs: readonly ListedHub[]): string {
  if (hubs.length === 0) return ['There is no hub here yet.', ...renderNext(['jhub up'])].join('\n')
  const table = renderTable(
    ['name', 'state', 'address', 'command'],
    hubs.map((hub) => [
      hub.hub,
      isNotSetUp(hub) ? notSetUp : hub.state,
      isNotSetUp(hub) ? '' : addressOf(hub),
      hub.flags === '' ? 'jhub status' : `jhub status ${hub.flags}`,
    ]),
  )
  const problems = hubs.flatMap(({hub, problem}) => (problem === null ? [] : [`- ${hub}: ${problem}`]))
  return [table, ...(problems.length === 0 ? [] : ['', ...problems])].join('\n')
}

function addressOf({addresses}: ListedHub): string {
  return addresses === null ? '' : (addresses.others[0] ?? usableUrl(addresses) ?? '')
}
