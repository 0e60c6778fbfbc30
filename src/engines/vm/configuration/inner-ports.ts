import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Machine} from '../machines/machine.js'
import {parseJson} from '../../../hub-spec/document/parse-json.js'

/** Ports of the machine's loopback address. */
export interface InnerPorts {
  /** Where servers, which cannot speak to a Unix socket, reach the hub. */
  readonly hub: number
  /** Where the proxy listens behind Caddy, for jhub itself. */
  readonly proxy: number
}

type Place = Pick<Machine, 'files' | 'layout' | 'facts' | 'network'>

/** Below this port only root may listen, unless the system says otherwise. */
const firstOpenPort = 1024

/** `undefined` when none were chosen, or an older jhub chose them, where other accounts could listen too. */
export async function readInnerPorts({
  files,
  layout,
}: Pick<Place, 'files' | 'layout'>): Promise<InnerPorts | undefined> {
  const value = parseJson(await files.read(layout.innerPorts))
  return isInnerPorts(value) ? value : undefined
}

/**
 * Records two ports, of those that only root may take where the hub is root's: for the hub the one that running servers know,
 * where there is one, else free ones.
 */
export async function chooseInnerPorts(place: Place, known: number | undefined): Promise<InnerPorts> {
  const options = place.facts.uid === 0 ? {below: firstOpenPort} : {}
  const hub = known ?? (await place.network.freePort(options))
  const proxy = await place.network.freePort({...options, without: [hub]})
  const ports: InnerPorts = {hub, proxy}
  await writeInnerPorts(place, ports)
  return ports
}

export async function writeInnerPorts({files, layout}: Place, ports: InnerPorts): Promise<void> {
  await files.write(layout.innerPorts, `${JSON.stringify(ports)}\n`, {mode: 0o600})
}

/**
 * The recorded ports at which another program listens, of those that the hub uses. They can be taken while the hub is down. A
 * container has no other programs, so there it is never any.
 */
export async function takenInnerPorts(
  {base, supervisor, network}: Pick<Machine, 'base' | 'supervisor' | 'network'>,
  {https}: HubSpec['access'],
  {hub, proxy}: InnerPorts,
): Promise<readonly number[]> {
  if (base?.holdsAll === true || (await supervisor.status('proxy')).state === 'running') return []
  const held = await supervisor.heldPorts()
  const ports = [hub, ...(https?.by === 'acme' ? [proxy] : [])].filter((port) => !held.includes(port))
  const seen = await Promise.all(ports.map((port) => network.portState(port, '127.0.0.1')))
  return ports.filter((_, index) => seen[index]?.state === 'used')
}

function isInnerPorts(value: unknown): value is InnerPorts {
  return (
    typeof value === 'object' &&
    value !== null &&
    !('proxyApi' in value) &&
    'hub' in value &&
    Number.isInteger(value.hub) &&
    'proxy' in value &&
    Number.isInteger(value.proxy)
  )
}
