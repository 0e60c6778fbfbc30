import type {CondaLock} from '../../../../hub-spec/images/conda/conda-lock.js'
import type {RecipeContent} from '../../../images/read-recipe.js'
import type {StepContext} from '../../../../steps/step.js'

/** Builds images for servers, where programs of the base can be run. */
export interface ImageBuilder {
  /** For which processors it makes images: `linux/amd64`. Throws `JHUB-E215` where Docker does not answer. */
  platform(): Promise<string>
  /** The base is here, so that a look at it downloads nothing. */
  hasBase(base: string): Promise<boolean>
  /**
   * Chooses a version of every package that is asked for, for the Python of the base and beside its packages, which stay as they
   * are. Throws `JHUB-E221` when they cannot be had together, `JHUB-E205` when the index cannot be reached, `JHUB-E230` for a base
   * in which no server can run.
   */
  choose(wanted: ChooseOptions, signal?: AbortSignal): Promise<ChosenPackages>
  /**
   * What a reference of a registry means now, as one that never means anything else: by its digest, or by its id where it is only
   * on this machine. Downloads nothing. Throws `JHUB-E213` where the registry does not give it, `JHUB-E230` where it is made for
   * other processors only.
   */
  pin(wanted: PinOptions): Promise<PinnedImage>
  /** Makes an image of the base and these packages; without any it is the base, once a server was seen to start in it. Nothing has its name before it was seen to have a server in it. */
  build(wanted: ImageBuildOptions, context: StepContext): Promise<void>
  /** Another one whenever what Docker is sent of a directory changes. Throws `JHUB-E301` where it has no Dockerfile. */
  digest(directory: string): Promise<string>
  /**
   * Builds a directory with a Dockerfile. Throws `JHUB-E201` with the build's last words, `JHUB-E209` without room on the disk, `JHUB-E240` without memory,
   * `JHUB-E215` where Docker went away, `JHUB-E230` where no server can run from it, `JHUB-E302` where the directory has another
   * digest by now. Nothing has its name before a server was seen to start in it.
   */
  buildDirectory(wanted: DirectoryBuildOptions, context: StepContext): Promise<void>
  /** Packages with their versions, and kernels; `undefined` for an image that is not here. */
  look(reference: string): Promise<ImageContents | undefined>
  /** References of everything that was built for this hub. */
  builds(): Promise<readonly string[]>
  /** Takes away builds of this hub; those from which a container here was made stay. */
  remove(references: readonly string[]): Promise<void>
  /** What was built for this hub, and what building it left: `the image localhost/…`. */
  leftovers(): Promise<readonly string[]>
  /** Takes all of that away. */
  clear(): Promise<void>
}

export interface ChooseOptions extends RecipeContent {
  /** For people: the image's name in the spec. */
  readonly image: string
  readonly base: string
  /** A lock whose versions stay where they can. */
  readonly previous?: string
}

export interface PinOptions {
  readonly image: string
  readonly reference: string
  /** Asks the registry, though an image of that name is on this machine. */
  readonly isNewest: boolean
}

export interface PinnedImage {
  /** `quay.io/jupyter/scipy-notebook@sha256:…`, or `sha256:…`. */
  readonly base: string
}

export interface ChosenPackages {
  /** The Python for which they were chosen: `3.13`; absent where none of them is for that of the base. */
  readonly python?: string
  /** A hash-locked requirements file. */
  readonly packages: string
  readonly conda?: CondaLock
}

export interface ImageBuildOptions {
  readonly image: string
  readonly base: string
  /** What it is called when it is whole. */
  readonly reference: string
  /** Debian packages, installed first. */
  readonly apt?: readonly string[]
  /** A hash-locked requirements file; empty: none beside those of the base. */
  readonly packages: string
  /** What stands beside them, as kernels. */
  readonly conda?: CondaLock
}

export interface DirectoryBuildOptions {
  readonly image: string
  readonly directory: string
  readonly digest: string
  /** Runs every line of the Dockerfile anew, on the newest base. */
  readonly isFresh: boolean
  /** What it is called when it is whole. */
  readonly reference: string
}

export interface ImageContents {
  /** `3.13`. */
  readonly python: string
  /** Where it has kernels with packages of their own, these. */
  readonly packages: ReadonlyMap<string, string>
  readonly kernels: readonly string[]
  /** Unpacked, as Docker counts it. */
  readonly sizeBytes: number
}
