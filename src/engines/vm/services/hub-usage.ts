import type {ServerUsage} from '../../engine.js'
import type {Machine} from '../machines/machine.js'
import {readOwnUsage} from '../servers/cgroups/server-usage.js'

/** What the hub and its proxy use themselves; `undefined` while neither runs. */
export async function readHubUsage({
  files,
  supervisor,
}: Pick<Machine, 'files' | 'supervisor'>): Promise<ServerUsage | undefined> {
  const states = await Promise.all((['hub', 'proxy'] as const).map((name) => supervisor.status(name)))
  return readOwnUsage(
    files,
    states.flatMap((each) => (each.state === 'running' ? each.pid : [])),
  )
}
