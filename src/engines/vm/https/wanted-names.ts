import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {isEveryAddress} from '../../../hub-spec/access/ip-address.js'

const thisMachine = ['localhost', '127.0.0.1', '::1']

/** For what the hub's own certificate is: how people here come, and with `lan` how those on the network do. */
export function wantedNames({address, lan}: HubSpec['access'], networkNames: readonly string[]): readonly string[] {
  return [...new Set([...thisMachine, ...(isEveryAddress(address) ? [] : [address]), ...(lan ? networkNames : [])])]
}
