import {hostOf} from '../../../../hub-spec/access/ip-address.js'
import {namesOnMachine, type Listener, type ServiceDefinition} from '../supervisor.js'

/** The names under which a hub is known to systemd. A dot never stands in the name of a hub or an account. */
export interface UnitNames {
  /** Hub and proxy of every hub, and below it the servers. */
  readonly slice: string
  /** The servers of this hub together: what `limits.total` holds. */
  readonly serversSlice: string
  service(name: ServiceDefinition['name']): string
  /** Holds the ports of a service. */
  socket(name: ServiceDefinition['name']): string
  /** Holds them while that unit is started with others. */
  portChange(name: ServiceDefinition['name']): string
  readonly anyServer: string
  /** Services that fork servers, one for each environment; the hub starts them. */
  readonly anyForkService: string
  readonly serverTemplate: string
}

/** With which the name of every unit of a hub begins. */
export function unitPrefix(hubName: string): string {
  return `jhub-${hubName}.`
}

export function unitNames(hubName: string): UnitNames {
  const prefix = unitPrefix(hubName)
  return {
    slice: 'jhub.slice',
    // A dash in the name of a slice means "inside of".
    serversSlice: `jhub-${hubName.replaceAll('-', '_')}.slice`,
    service: (name) => `${prefix}${namesOnMachine[name]}.service`,
    socket: (name) => `${prefix}${namesOnMachine[name]}.socket`,
    portChange: (name) => `${prefix}${namesOnMachine[name]}-ports.service`,
    anyServer: `${prefix}*.server.service`,
    anyForkService: `${prefix}*.prefork.service`,
    serverTemplate: `${prefix}{ACCOUNT}.server`,
  }
}

const descriptions = {hub: 'JupyterHub', proxy: 'the proxy', https: 'the HTTPS proxy'} as const

/** What starts a unit when the machine boots. */
export function targetOf(unit: string): string {
  return unit.endsWith('.socket') ? 'sockets.target' : 'multi-user.target'
}

export const unitDirectory = '/etc/systemd/system'

/** For units of one moment: a boot forgets them. */
export const passingUnitDirectory = '/run/systemd/system'

/** Where the text of a unit is. */
export function unitFile(unit: string): string {
  return `${unitDirectory}/${unit}`
}
export const unitMark = '# Made by jhub. `jhub down` removes it.'

/** A unit file. Everybody on the machine may read it; what the program is given stands in a file of root's. */
export function renderUnit(hubName: string, service: ServiceDefinition, environmentFile: string): string {
  const names = unitNames(hubName)
  const isHub = service.name === 'hub'
  return [
    unitMark,
    '[Unit]',
    `Description=jhub ${hubName}: ${descriptions[service.name]}`,
    'After=network.target',
    // Only a starting hub tells its routes at once to a new proxy.
    ...(isHub ? [`After=${names.service('proxy')}`, `PartOf=${names.service('proxy')}`] : []),
    ...(service.listeners === undefined
      ? []
      : [`Requires=${names.socket(service.name)}`, `After=${names.socket(service.name)}`]),
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${service.argv.map(quote).join(' ')}`,
    `WorkingDirectory=${service.cwd}`,
    `EnvironmentFile=${environmentFile}`,
    `Environment=${fingerprintVariable}=${service.fingerprint}`,
    `Slice=${names.slice}`,
    'Restart=always',
    'RestartSec=2',
    'KillMode=mixed',
    'TimeoutStopSec=15',
    // When memory runs out, the kernel ends somebody's server first: they are back at once, and all others stay signed in.
    'OOMScoreAdjust=-900',
    // Else systemd stops the whole service when the kernel ends one process of it, as the hub's idle culler.
    'OOMPolicy=continue',
    'UMask=0077',
    'PrivateTmp=yes',
    ...(isHub ? [] : ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'ProtectHome=read-only', 'PrivateDevices=yes']),
    ...(service.writes === undefined ? [] : [`ReadWritePaths=${service.writes}`]),
    // Root without its rights over others' files: nobody's home is open to what the world talks to.
    ...(service.name === 'https' ? ['CapabilityBoundingSet=CAP_NET_BIND_SERVICE'] : []),
    '',
    '[Install]',
    `WantedBy=${targetOf('.service')}`,
    '',
  ].join('\n')
}

/**
 * A unit that listens for a service, from boot until it is stopped, whatever becomes of the service: nobody else can ever take
 * these ports. The service is given them in this order (sd_listen_fds(3)).
 */
export function renderSocketUnit(
  hubName: string,
  name: ServiceDefinition['name'],
  listeners: readonly Listener[],
): string {
  return [
    unitMark,
    '[Unit]',
    `Description=jhub ${hubName}: the ports of ${descriptions[name]}`,
    '',
    '[Socket]',
    ...listeners.map(({address, port}) => `ListenStream=${hostOf(address)}:${String(port)}`),
    'Backlog=1024',
    // Beside `0.0.0.0`, `[::]` is the other kind of IP alone.
    ...(listeners.some(({address}) => address === '0.0.0.0') ? ['BindIPv6Only=ipv6-only'] : []),
    // Another unit of root can listen here before this one stops: the ports are never free while they change hands.
    'ReusePort=yes',
    // At boot the address of a network may come later than this unit.
    'FreeBind=yes',
    // Else systemd would let go of the ports when connections come in while the service cannot start.
    'TriggerLimitIntervalSec=0',
    '',
    '[Install]',
    `WantedBy=${targetOf('.socket')}`,
    '',
  ].join('\n')
}

/**
 * A unit that starts the socket unit of a service with its new text. It is handed the sockets of the old one and has them open
 * until the new ones listen: systemd lets go of them as soon as it reads that text.
 */
export function renderPortChange(hubName: string, name: ServiceDefinition['name']): string {
  const socket = unitNames(hubName).socket(name)
  return [
    unitMark,
    '[Unit]',
    `Description=jhub ${hubName}: other ports of ${descriptions[name]}`,
    '',
    '[Service]',
    'Type=oneshot',
    `Sockets=${socket}`,
    `ExecStart=/bin/sh -c "systemctl daemon-reload && systemctl restart ${socket}"`,
    'TimeoutStartSec=30',
    '',
  ].join('\n')
}

/** By which a running unit tells what it was started with. */
export const fingerprintVariable = 'JHUB_FINGERPRINT'

/** Variables as systemd reads them from a file (systemd.exec(5), EnvironmentFile=). */
export function renderEnvironmentFile(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([key, value]) => `${key}="${value.replace(/[\\"`$]/g, '\\$&')}"\n`)
    .join('')
}

/** A word of a unit file: systemd expands `%` everywhere and `$` in command lines (systemd.service(5)). */
function quote(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
}

/** `KEY=VALUE` lines of `systemctl show`. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const equals = line.indexOf('=')
      return equals < 1 ? [] : [[line.slice(0, equals), line.slice(equals + 1)] as const]
    }),
  )
}
