import type {Archives} from './archives.js'
import type {Checksums} from './checksums.js'
import type {Clock} from './clock.js'
import type {Commands} from './commands.js'
import type {Docker} from './docker.js'
import type {Downloads} from './downloads.js'
import type {LocalFiles} from './files.js'
import type {Locks} from './locks.js'
import type {Names} from './names.js'
import type {Processes} from './processes.js'
import type {System} from './system.js'
import type {Tunnels} from './tunnels.js'

/** The outside world: everything that is not a pure function goes through one of these. */
export interface Host {
  readonly files: LocalFiles
  readonly commands: Commands
  readonly docker: Docker
  readonly archives: Archives
  readonly checksums: Checksums
  readonly processes: Processes
  readonly clock: Clock
  readonly locks: Locks
  readonly system: System
  readonly downloads: Downloads
  readonly tunnels: Tunnels
  readonly names: Names
}
