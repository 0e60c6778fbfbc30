import type {HubContext} from '../session/hub-context.js'
import type {OpenHub} from '../session/open-hub.js'
import {up} from '../up.js'

/** Gives a hub that runs what its spec and its secrets say now; one that does not run is left so. Gives which it was. */
export async function applyToRunning(context: HubContext, hub: OpenHub): Promise<boolean> {
  if ((await hub.engine.connect()) === undefined) return false
  await up(context)
  return true
}
