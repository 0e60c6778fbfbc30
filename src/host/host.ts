import type {Clock} from './clock.js'
import type {Commands} from './commands.js'
import type {Files} from './files.js'
import type {Processes} from './processes.js'

/** The outside world: everything that is not a pure function goes through one of these. */
export interface Host {
  readonly files: Files
  readonly commands: Commands
  readonly processes: Processes
  readonly clock: Clock
}
