import type {PortState} from '../../host/processes.js'
import type {HubSpec} from '../../spec/hub-spec.js'
import type {Finding} from '../engine.js'
import {doorPorts} from './door.js'
import type {Machine} from './machines/machine.js'
import {serviceNames} from './supervisor.js'

type Access = HubSpec['access']

/** Whether the ports that people come by are free, or this hub's own already. */
export async function checkPorts(machine: Machine, {access}: HubSpec): Promise<readonly Finding[]> {
  const services = await Promise.all(serviceNames.map((name) => machine.supervisor.status(name)))
  const own = services.flatMap((service) => (service.state === 'running' ? [service.pid] : []))
  return Promise.all(
    doorPorts(access).map(async (port) =>
      describe(machine, access, port, await machine.portState(port, access.address), own),
    ),
  )
}

function describe({facts}: Machine, access: Access, port: number, seen: PortState, own: readonly number[]): Finding {
  const check = `port ${String(port)} on ${access.address}`
  const problem = (found: string, needed: string, fix: string): Finding => ({
    check,
    state: 'problem',
    found,
    needed,
    fix,
  })
  switch (seen.state) {
    case 'free':
      return {check, state: 'ok', found: 'free'}
    case 'used': {
      if (seen.pid !== undefined && own.includes(seen.pid)) return {check, state: 'ok', found: "this hub's own"}
      const who =
        seen.pid === undefined
          ? 'a program of another account'
          : `process ${String(seen.pid)} (${seen.command ?? 'unknown'})`
      return problem(`used by ${who}`, 'a free port', otherPort(access, port))
    }
    case 'not permitted':
      return problem(
        `${facts.userName} may not use a port below 1024`,
        'a port of 1024 or above',
        otherPort(access, port),
      )
    case 'no such address':
      return problem(
        'this machine has no such address',
        'one of its addresses',
        'Set access.address in the spec to 127.0.0.1, or access.lan to true',
      )
  }
}

function otherPort({port: main, https}: Access, port: number): string {
  if (port !== main) return 'Set access.https.redirect in the spec to another port, or to false'
  return https?.by === 'acme'
    ? 'Free it; or set access.port in the spec to one to which something before this machine leads 443'
    : 'jhub up --port 8001   # for a new hub; else set access.port in the spec: jhub config edit'
}
