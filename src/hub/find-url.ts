import type {HubContext} from './hub-context.js'
import {openHub} from './open-hub.js'

/** Where the running hub is reached. Throws `JHUB-E204` when it is not running. */
export async function findUrl(context: HubContext): Promise<{readonly url: string}> {
  const hub = await openHub(context)
  await hub.requireApi()
  const {url} = await hub.engine.status(hub.spec)
  return {url}
}
