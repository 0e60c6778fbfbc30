import type {UnpackedBundle} from '../../bundle/read-bundle.js'
import type {chooseEngine} from '../../engines/choose-engine.js'
import type {Host} from '../../host/host.js'
import type {StepEvent} from '../../steps/run-steps.js'
import type {HubDirectories} from './directories.js'

/** What happens while a verb works, for whoever shows it. */
export type HubEvent = StepEvent | {readonly type: 'warning'; readonly text: string}

/** Everything a verb needs; made once for a command. */
export interface HubContext {
  readonly host: Host
  readonly signal: AbortSignal
  readonly directories: HubDirectories
  /** Where the spec was asked for; `undefined` where it was left open. */
  readonly asked: {readonly file?: string; readonly name?: string; readonly currentDirectory: string}
  readonly assets: string
  /** Where everything comes from in place of the internet. */
  readonly bundle?: UnpackedBundle
  /** What is typed, for those who wait for us: `jhub user add`. */
  readonly command: string
  readonly lockTimeoutMs: number
  readonly chooseEngine: typeof chooseEngine
  /** Asks a question whose answer is yes or no; no when nobody is there to answer. */
  readonly agree: (question: string) => Promise<boolean>
  readonly onEvent: (event: HubEvent) => void
}
