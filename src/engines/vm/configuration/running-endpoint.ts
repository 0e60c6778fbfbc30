import type {EndpointTrust} from '../../../jupyterhub/hub-connection.js'
import type {Machine} from '../machines/machine.js'

/** Where the running hub is reached, and by what it is known: as its proxy was started, not as the spec wants it next. */
export interface RunningEndpoint {
  readonly url: string
  readonly trust?: EndpointTrust
}

type Place = Pick<Machine, 'files' | 'layout'>

export async function readRunningEndpoint(machine: Place): Promise<RunningEndpoint | undefined> {
  const [url, trust] = await Promise.all([
    machine.files.read(addressFile(machine)),
    machine.files.read(trustFile(machine)),
  ])
  if (url === undefined) return undefined
  if (trust === undefined) return {url: url.trim()}
  const known = trustIn(trust)
  // Without knowing whom to trust there, nobody is asked: `up` writes it anew.
  return known === undefined ? undefined : {url: url.trim(), trust: known}
}

function trustIn(text: string): EndpointTrust | undefined {
  try {
    return JSON.parse(text) as EndpointTrust
  } catch {
    return undefined
  }
}

export async function writeRunningEndpoint(machine: Place, {url, trust}: RunningEndpoint): Promise<void> {
  await machine.files.write(addressFile(machine), `${url}\n`, {mode: 0o600})
  if (trust === undefined) await machine.files.remove(trustFile(machine))
  else await machine.files.write(trustFile(machine), `${JSON.stringify(trust)}\n`, {mode: 0o600})
}

export async function forgetRunningEndpoint(machine: Place): Promise<void> {
  for (const file of [addressFile(machine), trustFile(machine)]) await machine.files.remove(file)
}

function addressFile({layout}: Place): string {
  return `${layout.run}/address`
}

function trustFile({layout}: Place): string {
  return `${layout.run}/trust.json`
}
