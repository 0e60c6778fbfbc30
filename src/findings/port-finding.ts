import type {PortState} from '../host/processes/processes.js'
import type {Finding} from './finding.js'

/** Where people are to come by. */
export interface PublicPort {
  readonly address: string
  readonly port: number
  /** Whose program will listen. */
  readonly account?: string
  /** How another port is taken. */
  readonly fix: string
}

export const takeOtherPort =
  'jhub up --port 8001   # for a new hub; else set access.port in the settings file: jhub config edit'

/** Whether a hub can stand at a port, by who is there now. */
export function portFinding({address, port, account = 'this account', fix}: PublicPort, seen: PortState): Finding {
  const check = `port ${String(port)} on ${address}`
  const problem = {check, state: 'problem'} as const
  switch (seen.state) {
    case 'free':
      return {check, state: 'ok', found: 'free'}
    case 'used':
      return {...problem, found: `used by ${describeUser(seen)}`, needed: 'a free port', fix}
    case 'not permitted':
      return {...problem, found: `${account} cannot use a port below 1024`, needed: 'port 1024 or above', fix}
    case 'no such address':
      return {
        ...problem,
        found: 'this machine does not have this address',
        needed: 'one of its addresses',
        fix: 'Set access.address in the settings file to 127.0.0.1, or access.lan to true',
      }
  }
}

/** The port is this hub's own already, or will be opened by somebody who may. */
export function goodPort({address, port}: PublicPort, found: string): Finding {
  return {check: `port ${String(port)} on ${address}`, state: 'ok', found}
}

function describeUser({pid, command = 'unknown'}: Extract<PortState, {state: 'used'}>): string {
  return pid === undefined ? 'a program of another account' : `process ${String(pid)} (${command})`
}
