import {isLoopback} from '../../../hub-spec/access/ip-address.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../findings/finding.js'
import type {MachineNetwork} from '../machines/machine.js'

/** Whether the name of the hub leads to its machine, as far as that machine itself can tell. */
export async function checkDomain(
  machine: {readonly network: Pick<MachineNetwork, 'lookUp' | 'portState'>},
  {access: {https}}: HubSpec,
): Promise<readonly Finding[]> {
  if (https?.by !== 'acme') return []
  const {domain} = https
  const check = `name ${domain}`
  const addresses = [...new Set(await machine.network.lookUp(domain))]
  if (addresses.length === 0) {
    return [
      {
        check,
        state: 'problem',
        found: 'it has no address',
        needed: 'an A or AAAA record with the address of this machine',
        fix: `Set the record where the name is managed; then: getent hosts ${domain}`,
      },
    ]
  }
  const found = `it points to ${addresses.join(', ')}`
  const own = await Promise.all(
    addresses.map(async (address) => (await machine.network.portState(0, address)).state !== 'no such address'),
  )
  if (!own.includes(true)) {
    return [
      {
        check,
        state: 'warning',
        found: `${found}, none of the machine's own`,
        needed: 'an address of the machine, or one that passes ports 80 and 443 on to it',
        fix: `Correct the record, or let the router there pass both ports on; then: getent hosts ${domain}`,
      },
    ]
  }
  if (addresses.every(isLoopback)) {
    return [
      {
        check,
        state: 'warning',
        found: `${found}, for this machine alone`,
        needed: 'the same name for the authority and for people',
        fix: `Take ${domain} out of /etc/hosts, or see that others find it too`,
      },
    ]
  }
  return [{check, state: 'ok', found}]
}
