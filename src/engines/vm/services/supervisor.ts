import type {LogOptions} from '../../engine.js'

export const serviceNames = ['hub', 'proxy', 'https'] as const

/** Names of each service's unit, record and log on a machine. The HTTPS proxy keeps the name that older hubs gave it. */
export const namesOnMachine = {hub: 'hub', proxy: 'proxy', https: 'front'} as const satisfies Record<
  (typeof serviceNames)[number],
  string
>

/** A TCP port at one address of the machine. */
export interface Listener {
  readonly address: string
  readonly port: number
}

/** A program of the hub that has to keep running when jhub has ended. */
export interface ServiceDefinition {
  readonly name: (typeof serviceNames)[number]
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** The one directory that it writes to by itself, where it has one. */
  readonly writes?: string
  readonly logFile: string
  /** Where it listens, in the order of its own configuration. The ports are held for it, whatever becomes of it. */
  readonly listeners?: readonly Listener[]
  /** A Python that holds them where systemd does not. */
  readonly python?: string
  /** Changes whenever the service has to be started anew. */
  readonly fingerprint: string
}

export type ServiceState =
  | {
      readonly state: 'running'
      readonly pid: number
      readonly fingerprint: string | undefined
      /** Changes whenever those who work with the service have to be started anew too. */
      readonly generation: string
    }
  | {readonly state: 'stopped'}

/** Starts, watches and ends services on a machine, and reads what they and the servers wrote. */
export interface Supervisor {
  status(name: ServiceDefinition['name']): Promise<ServiceState>
  /**
   * Starts it in place of one that runs. Ports that both listen at are let go of at no time, where the machine can do that.
   * `makeRoom` ends another service that listens there, when the ports are held for this one; elsewhere, before.
   */
  start(service: ServiceDefinition, makeRoom?: () => Promise<void>): Promise<void>
  /** Whether that by which a running service would be started again is as it was written. */
  isInstalled(service: ServiceDefinition): Promise<boolean>
  /** Gives when the service has really ended. Throws `JHUB-E501`. */
  stop(name: ServiceDefinition['name'], signal?: AbortSignal): Promise<void>
  /** Ends every server of a user that still runs, and says how many there were. */
  stopServers(signal?: AbortSignal): Promise<number>
  /** Environments from which a server of a user runs. */
  environmentsInUse(): Promise<readonly string[]>
  /** The ports that are held for a service, whether it answers or not; of all services when none is named. */
  heldPorts(name?: ServiceDefinition['name']): Promise<readonly number[]>
  /** Ends whatever else was started from the hub's directories, when its services and servers have ended. Throws `JHUB-E501`. */
  endStrays(signal?: AbortSignal): Promise<void>
  /** How many processes or units of this hub there are: its services, the servers of users, and strays. */
  countProcesses(): Promise<number>
  /** Lines of a log, the newest last. */
  logs(options: LogOptions): AsyncIterable<string>
}
