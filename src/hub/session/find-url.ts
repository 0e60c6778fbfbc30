import type {HubContext} from './hub-context.js'
import {openHub} from './open-hub.js'

export interface FoundUrl {
  readonly url: string
  /** Where the hub is reached only through us: settles when that ends, at Ctrl-C. */
  readonly closed?: Promise<void>
}

/** Where the running hub is reached. Throws `JHUB-E204` when it is not running. */
export async function findUrl(context: HubContext): Promise<FoundUrl> {
  const hub = await openHub(context)
  await hub.requireApi()
  const {url} = await hub.engine.status(hub.spec)
  return (await hub.engine.lead?.(url, context.signal)) ?? {url}
}
