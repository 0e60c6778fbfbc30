import type {Files} from '../../../../host/files/files.js'
import type {Layout} from '../../machines/layout.js'
import type {Machine} from '../../machines/machine.js'

/** What is needed to work with the units of one hub on a machine with systemd. */
export interface SystemdMachine {
  readonly files: Files
  readonly run: Machine['run']
  readonly layout: Layout
  readonly hubName: string
  /** Whether the machine is there, and systemd runs on it. */
  readonly isThere: () => Promise<boolean>
}
