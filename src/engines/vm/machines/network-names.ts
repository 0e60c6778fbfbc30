import type {System} from '../../../host/system.js'

/** What this machine is called on its network, by name servers and by mDNS, and its addresses there. */
export function networkNames({hostName, addresses}: System): readonly string[] {
  const name = hostName.toLowerCase()
  return [name, ...(name.includes('.') ? [] : [`${name}.local`]), ...addresses]
}
