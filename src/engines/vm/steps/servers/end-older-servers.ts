import path from 'node:path'
import type {Step} from '../../../../steps/step.js'
import {readRunningConfiguration} from '../../configuration/running-configuration.js'
import type {Machine} from '../../machines/machine.js'
import type {HubDatabase} from '../../services/database/hub-database.js'

export interface OlderServersEnded extends Step {
  /** Whether this run stopped a hub that ran. */
  hasStoppedHub(): boolean
}

/**
 * Ends servers that an older jhub started on TCP ports: anybody could listen there when they end, and where they look for the
 * hub. Who comes back is given a new one. Their hub ends before them: until the new one is there, nobody runs a program that
 * could take a port while it changes hands.
 */
export function endOlderServers(
  machine: Pick<Machine, 'files' | 'layout' | 'supervisor'>,
  database: Pick<HubDatabase, 'isUnsettled'>,
): OlderServersEnded {
  const {files, supervisor} = machine
  let hasStopped = false
  const isOlder = async () => {
    const running = await readRunningConfiguration(machine)
    const settings = await files.read(`${running?.directory ?? ''}/settings.json`)
    // Settings that were damaged are put right by a later step; an older jhub left whole ones.
    return settings !== undefined && isOfPorts(settings)
  }
  // Whether a hub came up with a database that changed hands is for the step that starts the hub to see.
  const mayStop = async () => !(await database.isUnsettled())
  const haveServers = async () => {
    const environments = await supervisor.environmentsInUse()
    return environments.some((directory) => path.posix.basename(directory).startsWith('user-'))
  }
  return {
    title: 'End servers that listen on ports',
    async check() {
      if (!(await isOlder())) return undefined
      if (await haveServers())
        return {
          summary: 'end the running servers: an older jhub started them on open ports',
          disturbs: 'servers restart',
        }
      return (await mayStop()) && (await supervisor.status('hub')).state === 'running'
        ? {summary: 'stop JupyterHub until its ports are held', disturbs: 'hub restarts (servers keep running)'}
        : undefined
    },
    async apply({signal}) {
      if (!(await isOlder())) return
      if (await mayStop()) {
        hasStopped = (await supervisor.status('hub')).state === 'running'
        await supervisor.stop('hub', signal)
      }
      await supervisor.stopServers(signal)
    },
    hasStoppedHub: () => hasStopped,
  }
}

function isOfPorts(settings: string): boolean {
  try {
    return !('hubSocket' in (JSON.parse(settings) as object))
  } catch {
    return false
  }
}
