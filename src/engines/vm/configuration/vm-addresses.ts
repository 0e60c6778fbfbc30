import {basePath} from '../../../hub-spec/access/base-url.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {hostOf, isEveryAddress, isLoopback} from '../../../hub-spec/access/ip-address.js'
import type {HubAddresses} from '../../../jupyterhub/hub-addresses.js'
import {publicUrl} from '../https/certificate-status.js'
import type {MachineNetwork} from '../machines/machine.js'
import {localUrl, plainUrl, schemeOf} from './endpoint.js'

/** Where people open the hub. `names` are those of the certificate that is shown, if there is one. */
export function vmAddresses(
  machine: {readonly network: Pick<MachineNetwork, 'forward' | 'roomAddresses'>},
  access: HubSpec['access'],
  names: readonly string[],
): HubAddresses {
  const {https, lan, address, port} = access
  if (https?.by === 'acme') {
    const url = `https://${https.domain}${basePath(access)}`
    return {here: url, others: [url], isOpen: true}
  }
  const hosts = lan ? (isEveryAddress(address) ? machine.network.roomAddresses() : [address]) : []
  const others = hosts
    .filter((host) => !isLoopback(host))
    .map((host) => new URL(`${schemeOf(access)}://${hostOf(host)}:${String(port)}${basePath(access)}`))
    .map((url) => publicUrl(plainUrl(url), access, names))
  const here = machine.network.forward === undefined ? publicUrl(localUrl(access), access, names) : others[0]
  return {here: here ?? null, others: [...new Set(others)], isOpen: lan}
}
