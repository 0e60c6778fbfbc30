import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../findings/finding.js'
import type {ImageKeeper, RegistryKeeper} from '../../engine.js'
import type {Step} from '../../../steps/step.js'

/** An image of a recipe, as it is built here. */
export interface Build {
  /** What it is called here. */
  readonly reference: string
  /** Under which reference a registry has the same image, by its digest: somebody else's image; absent for what is made here. */
  readonly source?: string
}

/** How builds come to where servers run. */
export interface ImageDelivery {
  /** Which of these builds are there: what a pod is told to run, by the build's reference. */
  there(builds: readonly Build[]): Promise<ReadonlyMap<string, string>>
  /** Which of these builds have to be sent there. A place that does not answer now is taken to have what it had. */
  missing(builds: readonly Build[]): Promise<readonly Build[]>
  /** Which of these, as pods are told to run them, no node can start any more, each with where it is gone from. */
  lost(references: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Throws where what is built here would not be taken; absent where everything is. Asked before a build, which takes long. */
  requireTaken?(): Promise<void>
  /** Sends those that are missing. */
  deliver(wanted: () => Promise<readonly Build[]>): Step
  /** Nobody can go back to these any more. */
  forget(references: readonly string[]): Promise<void>
}

/** Which way builds of a hub take, and what it needs. */
export interface ImageWay {
  readonly delivery: (spec: HubSpec) => ImageDelivery
  /** Absent where no registry stands between this computer and servers. */
  readonly registry?: RegistryKeeper
  /** What can be known of the way before anything is changed. Reads only. */
  findings?(spec: HubSpec, images: Pick<ImageKeeper, 'built'>): Promise<readonly Finding[]>
}
