import type {Checksums} from '../../../host/files/checksums.js'
import type {LocalFiles} from '../../../host/files/files.js'
import type {ContentSpec} from '../../../hub-spec/content-spec.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {StepContext} from '../../../steps/step.js'
import type {Finding} from '../../../findings/finding.js'
import type {ImageBuilder} from '../images/build/image-builder.js'
import type {RegistryEngine} from '../registry/registry-engine.js'
import type {DiskInUse} from '../../homes/measure-directories.js'
import type {ChartPlace} from '../chart/chart-place.js'
import type {Helm} from '../release/helm.js'
import type {KubeApi} from '../api/kube-api.js'
import type {Layout} from './layout.js'
import type {LocalProgram} from '../tools/local-program.js'

/** Where a hub on Kubernetes runs. */
export interface Cluster {
  /** For people: `kind cluster jhub-physics`. */
  readonly title: string
  readonly layout: Layout
  readonly files: LocalFiles
  readonly checksums: Checksums
  readonly helm: Helm
  /** The programs that drive it. */
  readonly programs: readonly LocalProgram[]
  /** Present when jhub makes and removes the cluster itself. */
  readonly own?: OwnCluster
  /** What builds images of recipes, on this computer. */
  readonly builder: ImageBuilder
  /** The way to registries, from which nodes of a cluster that is not ours download. */
  readonly registries: RegistryEngine
  /**
   * The API; `undefined` when there is no cluster, or its nodes are stopped. Throws `JHUB-E211`, `JHUB-E212` or `JHUB-E213` when
   * that cannot be asked.
   */
  api(): Promise<KubeApi | undefined>
  /** Names of the hubs at this place. */
  hubNames(): Promise<readonly string[]>
  /** What can be known about cluster and tools before anything is changed. */
  findings(spec: HubSpec): Promise<readonly Finding[]>
}

/** What a cluster of ours was made with, and what cannot be changed while it lives. */
export interface ClusterSettings {
  readonly nodes: number
  readonly nodeImage: string | undefined
  readonly address: string
  readonly port: number
}

export type ClusterFound =
  | {readonly state: 'missing'}
  /** Somebody else's, under the name that ours would have. */
  | {readonly state: 'foreign'}
  /** Its making was interrupted. */
  | {readonly state: 'half-made'}
  | {readonly state: 'stopped' | 'running'; readonly settings: ClusterSettings}

/** A cluster that jhub makes, stops, starts and removes. */
export interface OwnCluster {
  /** The images of this computer, for and from a bundle. */
  readonly archives: ImageArchives
  /** Copies the repository of a course into a file; absent on a computer without git. */
  repositories(): Promise<RepositoryCopies | undefined>
  /** Addresses at which other computers reach this one, the likeliest first. */
  roomAddresses(): readonly string[]
  /** What the chart's values must say of this cluster. */
  chartPlace(spec: HubSpec): ChartPlace
  inspect(): Promise<ClusterFound>
  create(settings: ClusterSettings, context: StepContext): Promise<void>
  remove(signal?: AbortSignal): Promise<void>
  start(signal?: AbortSignal): Promise<void>
  stop(signal?: AbortSignal): Promise<void>
  /** Which of these images are on this machine and missing in a node for them; before there is a cluster, all that are here. */
  imagesToSend(images: readonly string[], role: NodeRole): Promise<readonly LocalImage[]>
  /**
   * Sends images of this machine into the nodes for them, only the layers that each lacks. A cluster of `count` nodes may just
   * be made: they take what comes while they boot.
   */
  sendImages(images: readonly LocalImage[], role: NodeRole, count: number, context: StepContext): Promise<void>
  /** Which of these images every node for them has, under that name. */
  imagesThere(images: readonly string[], role: NodeRole): Promise<readonly string[]>
  /** Has every node for it fetch an image from its registry; gives why one cannot, in the registry's words. */
  fetchImage(image: string, role: NodeRole, signal: AbortSignal): Promise<string | undefined>
  /** Takes the names of images away in every node; a server that runs from one goes on. */
  removeImages(images: readonly string[]): Promise<void>
  /** How many programs of pods the kernel ended for want of memory, by the pods' uids, where nodes count it by pod. */
  memoryKills(signal?: AbortSignal): Promise<ReadonlyMap<string, number>>
  /** What volumes' directories hold, in bytes, by the same names, and the disk that they share. */
  measureVolumes(names: readonly string[], signal: AbortSignal): Promise<VolumesInUse>
  /** Makes volumes' directories, by their names below `layout.volumes`. */
  makeVolumes(names: readonly string[]): Promise<void>
  /** Deletes volumes' directories, by their names below `layout.volumes`. */
  deleteVolumes(names: readonly string[]): Promise<void>
}

export interface RepositoryCopies {
  /** What branches and tags of the repository there are now, as one digest; `undefined` where its address does not answer. */
  version(content: ContentSpec): Promise<string | undefined>
  /** Throws `JHUB-E239` where the repository cannot be cloned, or has no such branch. */
  copy(content: ContentSpec, file: string, signal: AbortSignal): Promise<void>
}

/** Images of this computer's Docker as one file. */
export interface ImageArchives {
  /** Of this computer. */
  readonly platform: NodeJS.Platform
  /** Which of these images are here. */
  here(images: readonly string[]): Promise<readonly LocalImage[]>
  /** Writes images to a file, each under its name; those that are not here are downloaded. Throws `JHUB-E213` where one cannot be. */
  save(images: readonly NamedImageSource[], file: string, signal: AbortSignal): Promise<void>
  /** Takes all images of such a file. */
  load(file: string, signal: AbortSignal): Promise<void>
}

export interface NamedImageSource {
  /** As Docker here knows it. */
  readonly reference: string
  /** As it is called in the file. */
  readonly name: string
}

export interface VolumesInUse {
  /** Whose directory is not there, or was not counted in time, is missing. */
  readonly volumes: ReadonlyMap<string, number>
  readonly disk?: DiskInUse
}

/** What runs in a node: an image is sent only where it is needed. */
export type NodeRole = 'hub' | 'servers'

export interface LocalImage {
  readonly name: string
  /** What Docker calls it: the digest of its configuration, or of its manifest, as its store of images has it. */
  readonly id: string
  /** Digest of when it was made and of its layers: the same in every store. */
  readonly contents: string
  readonly sizeBytes: number
}
