import type {BundleKeeper} from './bundle-keeper.js'
import type {Finding} from '../findings/finding.js'
import type {HubConnection} from '../jupyterhub/hub-connection.js'
import type {HubServer} from '../jupyterhub/hub-model.js'
import type {StartTrouble} from '../jupyterhub/servers/servers.js'
import type {HubOwner} from '../hub-spec/hub-owner.js'
import type {HubSpec} from '../hub-spec/hub-spec.js'
import type {ResolvedLimits} from '../hub-spec/limits/resolve-limits.js'
import type {HubAddresses} from '../jupyterhub/hub-addresses.js'
import type {DiskInUse} from './homes/measure-directories.js'
import type {HomesKeeper} from './homes/homes-keeper.js'
import type {SignInSecret} from '../hub-spec/auth/auth-spec.js'
import type {Step, StepList} from '../steps/step.js'

export type {BundleKeeper, GatheredBundle} from './bundle-keeper.js'
export type {FilesFound, FoundFile, FoundOther, Home, HomesKeeper} from './homes/homes-keeper.js'

/** Where a hub runs. Whatever the hub's own API can do is in `src/jupyterhub`, once for all engines. */
export interface Engine {
  /** For people: `mode vm, process machine`. */
  readonly title: string
  /** Checks what can be known before anything is changed. */
  preflight(spec: HubSpec): Promise<readonly Finding[]>
  /** What the verbs that change a hub run. */
  readonly steps: EngineSteps
  /** How to talk to the hub; `undefined` when it is not running. */
  connect(): Promise<HubConnection | undefined>
  /** What only the platform knows about the hub as a whole. */
  readonly platform: Platform
  /** People's running servers. */
  readonly servers: RunningServers
  readonly homes: Homes
  /** The software of servers; absent where the engine gives everybody the same. */
  readonly images?: ImageKeeper
  /** For a computer without internet; absent where jhub makes no bundle. */
  readonly bundle?: BundleKeeper
  /** What the sign-in method needs. */
  readonly signIn: SignInKeeper
  /** For a hub whose spec was lost here. */
  readonly recovery: HubRecovery
  /** Forwards the hub's address to this machine until the signal is aborted. `undefined` when it is reachable directly. */
  forward?(spec: HubSpec, signal: AbortSignal): Promise<Forward | undefined>
}

export interface EngineSteps {
  /** The story of `up`, in order; `onReach` runs when the hub's place can be asked, before anything of the hub is changed. */
  up(spec: HubSpec, onReach?: readonly Step[]): StepList
  /**
   * What comes before `up` when a person chose how to go on with a database that is lost or damaged: `restore` puts the newest
   * copy in its place, `new` begins with none. Absent where jhub keeps no copies.
   */
  replaceDatabase?(spec: HubSpec, choice: 'restore' | 'new'): StepList
  /** The steps of `up` that are quick to check. Small commands check them to say what else differs. */
  quick(spec: HubSpec): StepList
  /** The story of `down`. Homes and the hub's database stay unless `deleteData`. */
  down(options: {readonly deleteData: boolean}): StepList
  /** The story of `stop`: nothing runs and everything is kept. `undefined` where it is not jhub's to stop. */
  stop(): StepList | undefined
  /** Steps of `up` that disturb nobody, for the smaller verbs: what people and limits need beyond the hub itself. */
  live(spec: HubSpec): readonly Step[]
  /** Shows people the materials of the spec as they are on this computer now; absent where jhub cannot. */
  materials?(spec: HubSpec): readonly Step[]
  /** Keeps a copy of the hub's accounts beside its database; absent where jhub keeps none. */
  keepAccounts?(): readonly Step[]
  /** Keeps the applied spec, and whose hub it is, with the hub, where a lost laptop does not lose it; nothing where hub and spec share a disk. */
  record(source: string, owner: HubOwner): readonly Step[]
}

export interface Platform {
  status(spec: HubSpec): Promise<PlatformStatus>
  /** What the hub and its proxy use themselves; absent where that cannot be seen. */
  usage?(): Promise<ServerUsage | undefined>
  /** Installed versions, next to the versions this jhub ships; `undefined` where no hub stands. */
  programs(spec: HubSpec): Promise<ProgramsSeen | undefined>
  /** What somebody changed of the hub behind jhub's back, one sentence each; `jhub up` repairs it. */
  changedByHand?(spec: HubSpec): Promise<readonly string[]>
  /** What this platform can and cannot hold to, one sentence each. */
  notes(spec: HubSpec): Promise<readonly string[]>
  /** What `up` needs after `down`, as a sentence: which parts are here still, and which are fetched again. */
  readonly afterDown: string
  /** Lines of a log, the newest last; with `follow`, until the signal is aborted. */
  logs(options: LogOptions): AsyncIterable<string>
}

export interface RunningServers {
  /** The limits of a running server, as the platform enforces them. */
  limitsInForce(server: HubServer): Promise<LimitsInForce>
  /** The limit of all servers together, as the platform enforces it, and what they use of it. */
  totalInForce(spec: HubSpec): Promise<TotalInForce>
  /** What each server uses now, in the same order; or why that cannot be seen here. */
  usage(servers: readonly HubServer[]): Promise<UsageSeen>
  /** Gives a running server new limits in place. `undefined`: only a restart can, or lowering would end it. */
  changeLimits(server: HubServer, wanted: ResolvedLimits): Promise<LimitsInForce | undefined>
  /**
   * How many servers can run at once as these settings ask for them, running ones included; `undefined` where it cannot be
   * seen. Absent where no server is refused for want of a place.
   */
  places?(spec: HubSpec): Promise<ServerPlaces | undefined>
  /** Why a starting server cannot come up; `undefined` if nothing stops it. Absent where only the hub knows. */
  startTrouble?(server: HubServer): Promise<StartTrouble | undefined>
  /**
   * An event of a start in a person's words; `undefined` for one that says nothing to a person, or is of an earlier start. Absent
   * where the hub's own words do.
   */
  startEvent?(event: unknown): Promise<string | undefined>
}

/** Where a scheduler puts a server only where what it asks for is free. */
export interface ServerPlaces {
  readonly most: number
  /** What gives out first. */
  readonly boundBy: 'cores' | 'memory' | 'pods'
  /** How much of it is reserved for each server: cores, bytes, or one pod. */
  readonly each: number
}

export interface Homes {
  /** Deletes the homes of removed people; only when the person asked for it. */
  remove(userNames: readonly string[]): Step
  /**
   * What the homes of these people hold on disk. Takes long where there are many files; what is measured when the signal is
   * aborted is given. Never follows a link.
   */
  inUse(userNames: readonly string[], signal: AbortSignal): Promise<HomesInUse>
  /** The files in people's homes; absent where jhub does not reach them. */
  readonly files?: HomesKeeper
}

/** The secret of a sign-in method: given on this computer, then added to the hub's other secrets by `up`. */
export interface SignInKeeper {
  /** The secret that was given, or else the one that the hub has. */
  secret(): Promise<SignInSecret | undefined>
  /** Records a new secret for `up`. Returns a function that restores the one given before. */
  give(secret: SignInSecret): Promise<() => Promise<void>>
}

/** Builds images and says what servers are started from. */
export interface ImageKeeper {
  /** Chooses packages where a recipe changed, builds what is missing, and keeps what is needed to go back. */
  steps(spec: HubSpec, choice?: PackageChoice): StepList
  /** Removes builds to which nobody can go back and from which no server runs; nothing of it can be undone. */
  clear(spec: HubSpec): StepList
  /** What the next server with each built image starts from, by the image's name. */
  built(spec: HubSpec): Promise<ReadonlyMap<string, string>>
  /** Which of these, from which servers are started, are no longer where servers run, each with the place: `the cluster`. */
  lost(spec: HubSpec, references: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** What is in each image, as people read it where they choose: `Python 3.12`, `pandas 2.3.1`. Absent: nothing is said. */
  contents?(spec: HubSpec): Promise<ReadonlyMap<string, readonly string[]>>
  /** Images whose packages were not chosen yet, or for another recipe. */
  undecided(spec: HubSpec): Promise<readonly string[]>
  look(spec: HubSpec, name: string): Promise<ImageSeen>
  /** Absent where no registry stands between this computer and servers. */
  readonly registry?: RegistryKeeper
}

/** Accounts of registries: images are pushed with them, and where servers run they are downloaded with them. */
export interface RegistryKeeper {
  /** The account that `docker login` keeps for a registry; `token`: one that is of use to Docker alone. */
  dockerAccount(host: string): Promise<RegistryAccount | 'token' | undefined>
  /** Lets the registry try an account, and keeps it with the hub's secrets. Throws `JHUB-E236` where the registry refuses. */
  give(host: string, account: RegistryAccount): Promise<void>
  /** Takes it away here and where servers run; says whether the hub had one. Throws where servers run and cannot be asked. */
  forget(host: string): Promise<boolean>
  /** Whether servers of the hub that stands there are started with what was given. */
  isNamed(): Promise<boolean>
  /** Sends what was given to where servers run. */
  steps(): StepList
}

/** A user name and a password or token. */
export interface RegistryAccount {
  readonly username: string
  readonly password: string
}

/** Images whose packages are chosen again although the recipe is the same. */
export interface PackageChoice {
  readonly names: readonly string[]
  /** The newest that the recipe lets be, or what the image was made of before. */
  readonly take: 'newest' | 'previous'
}

export interface ImageSeen {
  /** What servers are started from; absent: it is not built. */
  readonly reference?: string
  /** Packages as they are installed, with their versions. */
  readonly packages: ReadonlyMap<string, string>
  /** Names of its kernels; absent where a build cannot be looked at from here: then its packages are those of its lock. */
  readonly kernels?: readonly string[]
  /** Absent where it cannot be measured from here. */
  readonly disk?: DiskOfImage
  /** Earlier builds to which it can go back. */
  readonly earlier: number
}

/** What an image takes of the disk. */
export interface DiskOfImage {
  readonly bytes: number
  /** Without what it has in common with other software of the hub; absent where that cannot be told. */
  readonly ownBytes?: number
}

/** What a hub keeps so that another computer can find it again. Changes nothing of the hub. */
export interface HubRecovery {
  /** Names of the hubs at this place. */
  names(): Promise<readonly string[]>
  /** Steps needed before anything can be asked there. */
  reachSteps(): StepList
  /** The applied spec; `undefined` where no such hub is, or none was kept. Throws `JHUB-E402` for another hub of that name. */
  spec(): Promise<string | undefined>
  /** Whose the hub is, as kept with it; nothing where no hub is, or it cannot be asked now. */
  owner(): Promise<RecordedOwner>
  /** Restores what jhub keeps of the hub on its own machine. */
  attachSteps(spec: HubSpec): StepList
}

export interface RecordedOwner {
  readonly owner?: HubOwner
  /** The text of the applied spec. */
  readonly applied?: string
  /** Whether anything of a hub of this name is there. */
  readonly isThere: boolean
}

export interface PlatformStatus {
  readonly addresses: HubAddresses
  readonly services: readonly ServiceStatus[]
  /** Absent where the platform does not have one disk and one memory. */
  readonly disk?: {readonly freeBytes: number}
  readonly memory?: {readonly totalBytes: number}
  readonly cpu?: {readonly cores: number}
  readonly homes: HomesStatus
  /** Whether servers are forked, on machines where they can be. */
  readonly forks?: ForkStatus
  /** What the running hub was made from, on Kubernetes. */
  readonly chart?: {readonly source: string; readonly digest?: string}
  /** What the endpoint of HTTPS shows; absent while it shows none. */
  readonly certificate?: CertificateStatus
  /** Why the place of the hub could not be asked: then nothing is known of the hub. Absent where it answered. */
  readonly unreachable?: {readonly because: string; readonly fix: readonly string[]}
}

/** Servers that start as forks of a process which has imported everything. */
export interface ForkStatus {
  /** By the spec, `vm.prefork`. */
  readonly isWanted: boolean
  /** What forks those without an image; `absent` is no failure of a server: it starts in the ordinary way. */
  readonly service: 'ready' | 'starting' | 'absent'
  /** Images whose servers are forked too. */
  readonly images: readonly string[]
  /** How many of the running servers were forked. */
  readonly forked: number
}

export interface HomesStatus {
  readonly path: string
  /** Where the path is one on a Docker volume. */
  readonly volume?: DockerVolume
  /** `null`: cannot be seen now, since the machine is away. */
  readonly count: number | null
}

export interface DockerVolume {
  readonly name: string
  /** Where it stands in the container. */
  readonly mount: string
}

export interface CertificateStatus {
  readonly issuer: string
  readonly names: readonly string[]
  /** ISO 8601. */
  readonly validFrom: string
  readonly validUntil: string
  /** The authority that people's computers have to be told to trust; absent where they know it already. */
  readonly trustFile?: string
}

export interface ServiceStatus {
  readonly name: string
  readonly state: 'running' | 'starting' | 'stopped' | 'unknown'
  readonly pid?: number
  readonly pod?: string
}

export interface ProgramsSeen {
  readonly programs: readonly ProgramSeen[]
  /** Something differs, be it in a package that has no name here. */
  readonly areOther: boolean
  /** Where the newest copy of the hub's accounts is, of those that are made before other programs use them. */
  readonly backup?: string
}

export interface ProgramSeen {
  readonly name: string
  /** Its version, as it is installed. */
  readonly there?: string
  /** Its version, as this jhub ships it. */
  readonly shipped?: string
}

export type Enforcement = 'cgroup v1' | 'cgroup v2' | 'rlimit' | 'Kubernetes' | 'not enforced'

export interface LimitsInForce {
  /** `undefined`: no limit. */
  readonly memoryBytes?: number
  readonly cpuCores?: number
  readonly memoryBy: Enforcement
  readonly cpuBy: Enforcement
}

export interface TotalInForce extends LimitsInForce {
  /** What holds it: `jhub-workshop.slice`. `undefined`: nothing does, or no server has been started yet. */
  readonly holder?: string
  readonly memoryUsedBytes?: number
  readonly cpuUsedCores?: number
  /** What is used: memory in use, or what the limits of running servers add up to, which is what a quota counts. */
  readonly counted: 'memory in use' | 'limits of running servers'
}

export interface ServerUsage {
  /** How many of its programs the kernel ended for want of memory since it started, where that is counted. */
  readonly memoryKills?: number
  readonly memoryBytes?: number
  /** Core-seconds since the server began, where they are counted; two looks give the cores in use. */
  readonly cpuSeconds?: number
  /** Cores in use, where the platform counts by intervals of its own. */
  readonly cpuCores?: number
  readonly processes?: number
}

export interface HomeInUse {
  readonly usedBytes: number
  /** The size of the home's own volume; absent where homes share a disk. */
  readonly capacityBytes?: number
}

export interface HomesInUse {
  /** By the person's name; who is missing was not measured. */
  readonly homes: ReadonlyMap<string, HomeInUse>
  /** The disk that homes share. */
  readonly disk?: DiskInUse
  /** Why homes were not measured, in a sentence. */
  readonly notSeen?: string
}

export type UsageSeen = {readonly servers: readonly (ServerUsage | undefined)[]} | {readonly notSeen: string}

export interface Forward {
  /** The address here. */
  readonly url: string
  /** Settles when forwarding has ended. */
  readonly closed: Promise<void>
}

export interface LogOptions {
  /** `hub`, `proxy`, `https`, or the server of a user. */
  readonly of: 'hub' | 'proxy' | 'https' | {readonly user: string}
  readonly lines: number
  readonly follow: boolean
  readonly signal: AbortSignal
}
