import type {Host} from './host.js'
import {realArchives} from './real-archives.js'
import {realChecksums} from './real-checksums.js'
import {realClock} from './real-clock.js'
import {realCommands} from './real-commands.js'
import {realDocker} from './real-docker.js'
import {realDownloads} from './real-downloads.js'
import {realFiles} from './real-files.js'
import {realLocks} from './real-locks.js'
import {realNames} from './real-names.js'
import {realProcesses} from './real-processes.js'
import {realSystem} from './real-system.js'
import {realTunnels} from './real-tunnels.js'

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
