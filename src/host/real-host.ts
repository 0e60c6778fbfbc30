import type {Host} from './host.js'
import {realArchives} from './files/archives/real-archives.js'
import {realChecksums} from './files/real-checksums.js'
import {realClock} from './real-clock.js'
import {realCommands} from './processes/real-commands.js'
import {realDocker} from './docker/real-docker.js'
import {realDownloads} from './network/real-downloads.js'
import {realFiles} from './files/real-files.js'
import {realLocks} from './files/real-locks.js'
import {realNames} from './network/real-names.js'
import {realProcesses} from './processes/real-processes.js'
import {realSystem} from './real-system.js'
import {realTunnels} from './network/real-tunnels.js'

/** This machine as it is. */
export function realHost(): Host {
  return {
    files: realFiles,
    commands: realCommands,
    docker: realDocker(),
    archives: realArchives,
    checksums: realChecksums,
    processes: realProcesses(realCommands, process.platform),
    clock: realClock,
    locks: realLocks(realClock),
    system: realSystem(),
    downloads: realDownloads,
    tunnels: realTunnels,
    names: realNames(),
  }
}
