import type {CondaEnvironment} from '../../../hub-spec/images/conda/conda-environment.js'

/** A conda package that was chosen. */
export interface ChosenPackage {
  readonly url: string
  readonly sha256: string
  readonly name: string
  readonly version: string
  readonly isPython: 'yes' | 'no'
}

export interface PipOptions {
  readonly requirements: readonly string[]
  /** Conda's packages, as pip writes them. They keep their versions, and pip does not add them. */
  readonly constraints: readonly string[]
  /** Names of conda's Python packages. */
  readonly left: readonly string[]
  /** The version of the environment's Python: `3.12`. */
  readonly python: string
}

/** Chooses the packages of an environment, on a machine or in a container. */
export interface CondaChooser {
  /**
   * The packages that an environment needs. Throws `JHUB-E221` for packages that cannot be had together, `JHUB-E205` for a channel
   * that does not answer.
   */
  choose(wanted: Pick<CondaEnvironment, 'channels' | 'dependencies'>): Promise<readonly ChosenPackage[]>
  /** A hash-locked requirements file of what pip adds. Throws in uv's words, as `JHUB-E201`, where none fits. */
  choosePip(wanted: PipOptions): Promise<string>
}

/** Installs what was chosen, into one image. */
export interface CondaInstaller {
  /** Installs the packages. Throws `JHUB-E205` where one cannot be had or is not what was locked. */
  install(packages: readonly Pick<ChosenPackage, 'url' | 'sha256'>[]): Promise<void>
  /** Installs what pip adds, beside the packages. */
  installPip(lock: string): Promise<void>
  /** Gives servers of the image the kernels that were installed. Throws `JHUB-E221` where there is none. */
  offerKernels(variables: CondaEnvironment['variables']): Promise<void>
}
