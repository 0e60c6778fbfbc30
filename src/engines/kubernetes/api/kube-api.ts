import type {Conversation, ConversationListener} from '../../../host/processes/conversations.js'

/** An object of a cluster, as the API has it. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly generation?: number
    readonly creationTimestamp?: unknown
    readonly deletionTimestamp?: unknown
    readonly uid?: string
    /** Which program wrote which part of it. */
    readonly managedFields?: readonly {readonly manager?: string}[]
  }
}

export interface ObjectRef {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

export interface ListOf {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string
  readonly labels?: string
}

/** What an account wants to do; without a namespace, in the whole cluster. */
export interface Action {
  readonly verb: string
  /** The API's group; empty for the core. */
  readonly group: string
  /** As in `kubectl auth can-i`: `pods`, `pods/log`. */
  readonly resource: string
  readonly namespace?: string
}

export interface ContainerResources {
  readonly limits?: Readonly<Record<string, string>>
  readonly requests?: Readonly<Record<string, string>>
}

export interface PodLogOptions {
  readonly namespace: string
  readonly pod: string
  readonly container?: string
  readonly lines: number
  /** Read the log of the previous container, not of the one that runs now. */
  readonly previous?: boolean
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

export interface ProgramInPod {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly argv: readonly string[]
}

/**
 * The API of a cluster. Throws `JHUB-E211` when it does not answer, `JHUB-E212` when it refuses us, and `JHUB-E210` with its
 * own words for anything else.
 */
export interface KubeApi {
  /** As `v1.34.4`. */
  version(): Promise<string>
  /** Whether this account may, as the cluster answers; it may know better only when asked in earnest. */
  may(action: Action): Promise<boolean>
  read<T extends KubeObject>(ref: ObjectRef): Promise<T | undefined>
  list<T extends KubeObject>(kind: ListOf): Promise<readonly T[]>
  /** Secrets without what is in them: helm keeps a whole release in each of its own. */
  listSecretsWithoutData(namespace: string, labels: string): Promise<readonly KubeObject[]>
  /** Makes the object, or makes it so; what others wrote in it stays. */
  apply(object: KubeObject): Promise<void>
  /** Changes what a JSON merge patch names; `null` takes a key away. */
  patch(ref: ObjectRef, change: object): Promise<void>
  /** Removes an object, if it is there. Does not wait until it is gone. */
  remove(ref: ObjectRef): Promise<void>
  /** What a node's kubelet says of its pods (`/stats/summary`), as it says it. */
  nodeSummary(node: string): Promise<unknown>
  /** New resources for a running container, without a restart. */
  resize(pod: ObjectRef, container: string, resources: ContainerResources): Promise<void>
  podLog(options: PodLogOptions): AsyncIterable<string>
  /** Talks with a program that is started for it in a container of a running pod. */
  converse(program: ProgramInPod, listener: ConversationListener): Promise<Conversation>
  /** A loopback address at which a pod's port answers for as long as this process runs. */
  forward(pod: ObjectRef, port: number): Promise<string>
}
