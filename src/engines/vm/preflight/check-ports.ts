import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {addressBeside} from '../../../hub-spec/access/ip-address.js'
import type {Finding} from '../../../findings/finding.js'
import {goodPort, portFinding, takeOtherPort} from '../../../findings/port-finding.js'
import {publicPorts} from '../configuration/endpoint.js'
import type {Machine} from '../machines/machine.js'
import {serviceNames} from '../services/supervisor.js'

type Access = HubSpec['access']

/** Whether the ports that people come by are free, or this hub's own already. */
export async function checkPorts(machine: Machine, {access}: HubSpec): Promise<readonly Finding[]> {
  const [held, ...services] = await Promise.all([
    machine.supervisor.heldPorts(),
    ...serviceNames.map((name) => machine.supervisor.status(name)),
  ])
  const own = services.flatMap((service) => (service.state === 'running' ? [service.pid] : []))
  const check = async (port: number, address: string): Promise<Finding> => {
    const endpoint = {address, port, account: machine.facts.userName, fix: otherPort(access, port)}
    const seen = await machine.network.portState(port, address)
    const isOwn = held.includes(port) || (seen.state === 'used' && seen.pid !== undefined && own.includes(seen.pid))
    return isOwn || seen.state === 'own' ? goodPort(endpoint, "this hub's own") : portFinding(endpoint, seen)
  }
  const beside = otherAddress(machine, access)
  const wanted = await Promise.all(publicPorts(access).map((port) => check(port, access.address)))
  if (beside === undefined || wanted.some(({state}) => state === 'problem')) return wanted
  const others = await Promise.all(publicPorts(access).map((port) => check(port, beside)))
  // A machine without IPv6 has no such address, and needs none.
  return [...wanted, ...others.filter(({found}) => found.startsWith('used by'))]
}

/** Where the proxy listens too on a machine that is not the hub's alone. */
function otherAddress({base}: Machine, {address, https}: Access): string | undefined {
  return base?.holdsAll === true || https?.by === 'acme' ? undefined : addressBeside(address)
}

function otherPort({port: main, https}: Access, port: number): string {
  if (port !== main) return 'Set access.https.redirect in the settings file to another port, or to false'
  return https?.by === 'acme'
    ? 'Free it; or set access.port in the settings file to a port that your router or load balancer forwards 443 to'
    : takeOtherPort
}
