import path from 'node:path'
import type {Step} from '../../../steps/step.js'
import {readRunningConfiguration} from '../configuration/running-configuration.js'
import type {Machine} from '../machines/machine.js'

/**
 * Ends servers that an older jhub started on TCP ports: anybody could listen there when they end, and where they look for the
 * hub. Who comes back is given a new one.
 */
export function endOlderServers(machine: Pick<Machine, 'files' | 'layout' | 'supervisor'>): Step {
  const {files, supervisor} = machine
  const haveOlder = async () => {
    const running = await readRunningConfiguration(machine)
    const settings = await files.read(`${running?.directory ?? ''}/settings.json`)
    // Settings that were damaged are put right by a later step; an older jhub left whole ones.
    if (settings === undefined || !isOfPorts(settings)) return false
    const environments = await supervisor.environmentsInUse()
    return environments.some((directory) => path.posix.basename(directory).startsWith('user-'))
  }
  return {
    title: 'End servers that listen on ports',
    async check() {
      return (await haveOlder())
        ? {summary: 'end the running servers: an older jhub started them on open ports', disturbs: 'servers restart'}
        : undefined
    },
    async apply({signal}) {
      if (await haveOlder()) await supervisor.stopServers(signal)
    },
  }
}

function isOfPorts(settings: string): boolean {
  try {
    return !('hubSocket' in (JSON.parse(settings) as object))
  } catch {
    return false
  }
}
