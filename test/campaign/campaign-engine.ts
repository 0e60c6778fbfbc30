import type {RealJhub} from '../e2e/real-jhub.js'
import type {DayPlace} from './day.js'
import type {DriftCase} from './run-drift.js'
import type {KillCase} from './run-kills.js'
import type {RootShell} from './run-safety.js'
import type {SafetyCase} from './safety-cases.js'
import type {PlaceOfHubs} from './standing-hub.js'

/** A place for hubs, with everything that is tried on one there. */
export interface CampaignEngine extends PlaceOfHubs {
  /** What is typed to run it alone: `process`, `docker`, `kind`. */
  readonly name: string
  /** Why it cannot be run here; `undefined` when it can. */
  whyNot(): Promise<string | undefined>
  /** Directories and a spec; the hub itself is brought up by the campaign. */
  make(): Promise<RealJhub>
  readonly drift: readonly DriftCase[]
  readonly kills: readonly KillCase[]
  /** Where the day of a workshop is played. */
  readonly day?: () => Promise<DayPlace>
  /** Where people have accounts and units of their own: whether each protection holds, and whether anything shows that it does. */
  readonly safety?: {readonly rootShell: (jhub: RealJhub) => RootShell; readonly cases: readonly SafetyCase[]}
}
