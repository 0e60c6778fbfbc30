import type {Finding} from '../../findings/finding.js'
import type {HubAddresses} from '../../jupyterhub/hub-addresses.js'
import {canConnect} from '../../host/network/can-connect.js'

/**
 * Whether the hub answers at the address for other computers, tried from this one. That it does is no proof that others get
 * there, so what can still be in the way is said. Nothing where the hub is open to this computer alone.
 */
export async function checkRoom({here, others}: HubAddresses): Promise<readonly Finding[]> {
  const [url] = others
  if (url === undefined) return []
  const check = 'other computers'
  const isOnThisComputer = here !== null && here !== url
  if (await canConnect(url)) {
    const awake = isOnThisComputer ? ' Keep this computer awake: servers sleep with it.' : ''
    return [
      {
        check,
        state: 'ok',
        found: `${url} answers from here. If a phone cannot open it, a firewall is in the way, or a network that keeps devices apart (client isolation).${awake}`,
      },
    ]
  }
  const {port, protocol} = new URL(url)
  const taken = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  return [
    {
      check,
      state: 'problem',
      found: `${url} does not answer, not even from here`,
      needed: 'an address that other computers can open',
      fix: isOnThisComputer
        ? `Allow port ${taken} in the firewall of this computer (sudo ufw allow ${taken}/tcp), then: jhub doctor`
        : `Allow port ${taken} in the firewall of that machine and of its network, then: jhub doctor`,
    },
  ]
}
