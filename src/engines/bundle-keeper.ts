import type {BundleFacts} from '../bundle/write-bundle.js'
import type {HubSpec} from '../hub-spec/hub-spec.js'

/** What a hub needs of the internet, for a computer that has none. */
export interface BundleKeeper {
  /**
   * Gathers it below a directory of this computer, from the place where the hub stands. Throws `JHUB-E204` while nothing of the
   * hub is there, `JHUB-E205` when the package index cannot be reached.
   */
  gather(spec: HubSpec, directory: string, options: GatherOptions): Promise<GatheredBundle>
}

export interface GatherOptions {
  readonly signal: AbortSignal
  readonly report: (text: string) => void
}

export type GatheredBundle = BundleFacts<'format' | 'files' | 'jhub' | 'made'> & {
  /** Where on this computer each file is, by its name in the bundle. */
  readonly files: ReadonlyMap<string, string>
}
