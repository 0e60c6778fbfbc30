import type {CgroupTree} from '../servers/cgroups/cgroup-tree.js'
import type {CommandOptions, CommandResult} from '../../../host/processes/commands.js'
import type {Files} from '../../../host/files/files.js'
import type {FreePortOptions, PortState} from '../../../host/processes/processes.js'
import type {HubServer} from '../../../jupyterhub/hub-model.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {ResolvedLimits} from '../../../hub-spec/limits/resolve-limits.js'
import type {Step, StepList} from '../../../steps/step.js'
import type {DockerVolume, ForkStatus, Forward, LimitsInForce, TotalInForce, UsageSeen} from '../../engine.js'
import type {Finding} from '../../../findings/finding.js'
import type {Layout} from './layout.js'
import type {Supervisor} from '../services/supervisor.js'

/** A machine on which the vm engine puts a hub. */
export interface Machine {
  readonly title: string
  readonly layout: Layout
  readonly files: Files
  readonly supervisor: Supervisor
  readonly servers: ServerKeeper
  readonly facts: MachineFacts
  size(): Promise<MachineSize>
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>
  /** Names of the hubs at this place. */
  hubNames(): Promise<readonly string[]>
  readonly network: MachineNetwork
  /** What the proxy is started from there. */
  readonly proxy: ProxyProgram
  /** What the hub stands on, such as a container; absent where jhub needs none. */
  readonly base?: MachineBase
}

/** Ports and addresses of a machine, and how this computer reaches them. */
export interface MachineNetwork {
  /** `own`: this hub listens there, as far as the machine can tell without asking who does. */
  portState(port: number, address: string): Promise<PortState | {readonly state: 'own'}>
  freePort(wanted?: FreePortOptions): Promise<number>
  /** The addresses of a name, as the machine finds them; none when it has no address. */
  lookUp(name: string): Promise<readonly string[]>
  /** The address on which the proxy listens there, for people who come by the spec's. */
  listenAddress(access: HubSpec['access']): string
  /** The port on which the proxy listens behind the HTTPS proxy, where it is given; absent: one that is free. */
  portBehindHttps?(access: HubSpec['access']): number
  /** The address at which this process reaches an address of the machine. */
  reach(url: string): Promise<string>
  /** Addresses or names at which other computers reach the machine, the likeliest first. */
  roomAddresses(): readonly string[]
  /** Other host names and addresses by which the network can reach the hub, besides those of the spec. */
  otherNames(): readonly string[]
  /** Forwards an address there to this computer; absent where it can be reached as it is. */
  forward?(url: string, signal: AbortSignal): Promise<Forward>
}

/** What a hub runs on: a container and its volumes, or what somebody else's machine offers. */
export interface MachineBase {
  /** False for a machine that is still to be made. */
  isThere(): Promise<boolean>
  preflight(spec: HubSpec): Promise<readonly Finding[]>
  upSteps(spec: HubSpec): StepList
  /** What it is made from, where jhub made that. */
  readonly image?: MachineImage
  /** Whether removing it removes everything on it except the data. */
  readonly holdsAll: boolean
  /** The volume that has the homes; absent where they are plain directories. */
  readonly dataVolume?: DockerVolume
  /** Runs after the hub has ended on it. */
  downSteps(options: {readonly deleteData: boolean}): StepList
}

/** The image of a machine that is a container. */
export interface MachineImage {
  tag(): Promise<string>
  /** Whether the engine here has it. */
  isThere(): Promise<boolean>
  /** Writes it to a file of this computer. */
  save(file: string, signal: AbortSignal): Promise<void>
}

/** How people's servers are started and limited. */
export interface ServerKeeper {
  /** Which of the two spawners of `assets/vm` starts them, and its settings. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Where the spawner itself makes control groups; absent where systemd makes them. */
  ownGroups?(): Promise<CgroupTree | undefined>
  limitsInForce(server: HubServer): Promise<LimitsInForce>
  totalInForce(): Promise<TotalInForce>
  usage(servers: readonly HubServer[]): Promise<UsageSeen>
  /** Which servers were forked; absent where none can be, `undefined` where nothing can be asked. */
  forks?(spec: HubSpec): Promise<ForkStatus | undefined>
  /** Applies the limits of the whole hub to running servers; when the first server starts, the spawner does it. */
  limitSteps(spec: HubSpec): readonly Step[]
  /** `undefined`: only a restart can. */
  changeLimits(server: HubServer, wanted: ResolvedLimits): Promise<LimitsInForce | undefined>
  platformNotes(spec: HubSpec): Promise<readonly string[]>
  /** What the machine lacks for it; absent where nothing can be. */
  preflight?(spec: HubSpec): Promise<readonly Finding[]>
  /** What the spawner needs on the machine before it starts a server. */
  upSteps(spec: HubSpec): readonly Step[]
  /** Restricts servers to the networks of the spec; absent where nothing can. */
  networkSteps?(spec: HubSpec): readonly Step[]
  /** Removes what only servers needed, after they have ended. */
  downSteps(): readonly Step[]
}

/** Paths of the programs that install others. */
export interface InstallTools {
  readonly uv: () => Promise<string>
  /** The machine's own, or that of a version, as `3.12`. */
  readonly python: (version?: string) => Promise<string>
}

export interface ProxyPlace {
  readonly node: string
  /** The directory of the npm package configurable-http-proxy. */
  readonly module: string
}

export interface ProxyProgram {
  /** For the commands that start it: to find all that it needs takes time. */
  place(): Promise<ProxyPlace>
  /** Puts both there, where they are not part of jhub itself. */
  install?(tools: InstallTools): readonly Step[]
}

export interface MachineFacts {
  readonly platform: 'linux' | 'darwin'
  readonly architecture: string
  readonly uid: number
  readonly userName: string
  /** Settings of company networks that programs on the machine must honour. */
  readonly networkEnvironment: Readonly<Record<string, string>>
  /** What uv downloaded outlives the hub; absent where it goes with it. */
  readonly keepsPackages?: true
  /** Images may have Debian packages there; absent where the computer's own packages are not jhub's to install. */
  readonly takesDebianPackages?: true
  /** Asking it takes long, and its hub listens at a port of this computer: the way there is noted. */
  readonly isSlowToReach?: true
  /** The applied spec is kept there too; absent where hub and spec share a disk. */
  readonly keepsAppliedSpec?: true
}

export interface MachineSize {
  readonly cores: number
  readonly memoryBytes: number
}
