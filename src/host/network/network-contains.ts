import {BlockList, isIPv6} from 'node:net'

/** Whether an address is in a network in CIDR notation; never across versions of IP. */
export function networkContains(cidr: string, address: string): boolean {
  const [network = '', bits = ''] = cidr.split('/')
  const version = isIPv6(network) ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(network, Number(bits), version)
  return isIPv6(address) === isIPv6(network) && list.check(address, version)
}
