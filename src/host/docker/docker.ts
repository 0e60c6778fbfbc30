import type {BuildDirectory} from './build-directory.js'
import type {RegistryLogin} from './docker-login.js'
import type {Conversation, ConversationListener} from '../processes/conversations.js'

/** The Docker engine of this machine. */
export interface Docker {
  /** What answers; or why nobody does. Gives up after a few seconds. */
  look(): Promise<DockerFacts | {readonly silent: string}>
  findImage(tag: string): Promise<{readonly id: string} | undefined>
  /** Builds by the engine's classic builder, from the texts of a directory. Throws `JHUB-E201` with the build's last words. */
  buildImage(wanted: ImageBuild, options: BuildOptions): Promise<void>
  /**
   * What a reference means in its registry now, with this account or that of `docker login`; nothing is downloaded. `undefined`
   * where the registry has no such image. Throws `JHUB-E236` where it does not answer, refuses or is not trusted.
   */
  findInRegistry(reference: string, login?: RegistryLogin): Promise<RegistryImage | undefined>
  /** Downloads an image with this account. Throws `JHUB-E236` as `findInRegistry` does. */
  pullImage(
    reference: string,
    login: RegistryLogin,
    options: {readonly signal?: AbortSignal | undefined},
  ): Promise<void>
  /** The account of `docker login` for a registry. Throws `JHUB-E203` where Docker's file of accounts cannot be read. */
  registryLogin(host: string): Promise<RegistryLogin | undefined>
  /** Lets a registry try an account. Throws `JHUB-E236` where it refuses, does not answer or is not trusted. */
  checkLogin(host: string, login: RegistryLogin): Promise<void>
  /**
   * Why a registry would take no image in a repository from an account, in its own words; `undefined` where it takes it, and
   * where that is seen only by a push.
   */
  refusalOfPush(repository: string, login?: RegistryLogin): Promise<string | undefined>
  /** Sends an image to a registry; gives its digest there. Throws `JHUB-E236` as `findInRegistry` does. */
  pushImage(wanted: ImagePush, options: PushOptions): Promise<string>
  /** A directory that can be built. Throws `JHUB-E301` where there is none, or no Dockerfile in it. */
  readonly readBuildDirectory: (directory: string) => Promise<BuildDirectory>
  /**
   * Builds a directory with a Dockerfile: by BuildKit where the engine has it, else by its classic builder. Throws `JHUB-E201`
   * with the build's last words, `JHUB-E209` without room on the disk, `JHUB-E215` where the engine went away.
   */
  buildDirectory(wanted: DirectoryBuild, options: BuildOptions): Promise<void>
  /** Every tag with this label. */
  findImages(label: string): Promise<readonly ImageFacts[]>
  /** Leaves one from which a container was made; none is fine. */
  removeImage(tag: string): Promise<void>
  /** Writes an image to a file, as `docker save` does. */
  saveImage(tag: string, file: string, signal: AbortSignal): Promise<void>
  /** Takes the images of such a file. */
  loadImage(file: string, signal: AbortSignal): Promise<void>
  findContainer(name: string): Promise<ContainerFacts | undefined>
  /** Names of those that carry a label, running or not. */
  listContainers(label: string): Promise<readonly string[]>
  /** Makes and starts it. */
  createContainer(wanted: ContainerOptions): Promise<void>
  startContainer(name: string): Promise<void>
  /** Ends it at once and removes it; none is fine. */
  removeContainer(name: string): Promise<void>
  findVolume(name: string): Promise<{readonly labels: Readonly<Record<string, string>>} | undefined>
  createVolume(name: string, labels: Readonly<Record<string, string>>): Promise<void>
  removeVolume(name: string): Promise<void>
  /** Talks with a program that is started in a container. */
  converse(container: string, argv: readonly string[], listener: ConversationListener): Promise<Conversation>
}

export interface DockerFacts {
  readonly version: string
  readonly cores: number
  readonly memoryBytes: number
  readonly architecture: string
  readonly cgroupVersion: '1' | '2'
}

export interface RegistryImage {
  /** `sha256:…` */
  readonly digest: string
  /** `linux/amd64`, one for each for which it is made; empty where the registry does not say. */
  readonly platforms: readonly string[]
}

export interface ImagePush {
  /** An image of this machine. */
  readonly image: string
  /** `registry.example/courses/physics`. */
  readonly repository: string
  readonly tag: string
  /** Absent: the account of `docker login`. */
  readonly login?: RegistryLogin
}

export interface PushOptions {
  readonly signal: AbortSignal
  /** Told as bytes go, of the layers that the registry lacks. */
  readonly onBytes: (done: number, total: number) => void
}

export interface ImageFacts {
  readonly tag: string
  /** The containers that were made from it. */
  readonly usedBy: readonly string[]
}

export interface ImageBuild {
  readonly tag: string
  readonly labels: Readonly<Record<string, string>>
  /** File name and text; one is the `Dockerfile`. */
  readonly files: ReadonlyMap<string, string>
  readonly buildArguments: Readonly<Record<string, string>>
}

export interface DirectoryBuild {
  readonly tag: string
  readonly labels: Readonly<Record<string, string>>
  readonly directory: BuildDirectory
  readonly buildArguments: Readonly<Record<string, string>>
  /** Runs every line of the Dockerfile, also those that were run before. */
  readonly isFresh: boolean
}

export interface BuildOptions {
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
}

export interface ContainerFacts {
  /** One that is paused does not. */
  readonly isRunning: boolean
  /** How often the engine started it again after it ended by itself. */
  readonly restarts: number
  readonly labels: Readonly<Record<string, string>>
  /** At which port here each of its published ports is reached, while it runs. */
  readonly ports: ReadonlyMap<number, number>
}

export interface ContainerOptions {
  readonly name: string
  readonly image: string
  readonly labels: Readonly<Record<string, string>>
  readonly hostname: string
  /** Where in the container a named volume stands. */
  readonly volumes: ReadonlyMap<string, string>
  readonly publish: readonly PublishedPort[]
  /** The capabilities of its root, as `SYS_ADMIN`, and no device of this machine; or everything (`docker run --privileged`). */
  readonly rights: readonly string[] | 'everything'
}

export interface PublishedPort {
  readonly address: string
  /** In the container, and here too unless `hostPort` says that any free one will do here. */
  readonly port: number
  readonly hostPort?: 'any'
}
