import type {Archives} from './files/archives/archives.js'
import type {Checksums} from './files/checksums.js'
import type {Clock} from './clock.js'
import type {Commands} from './processes/commands.js'
import type {Docker} from './docker/docker.js'
import type {Downloads} from './network/downloads.js'
import type {LocalFiles} from './files/files.js'
import type {Locks} from './files/locks.js'
import type {Names} from './network/names.js'
import type {Processes} from './processes/processes.js'
import type {System} from './system.js'
import type {Tunnels} from './network/tunnels.js'

/** The outside world: everything that is not a pure function uses one of these. */
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
