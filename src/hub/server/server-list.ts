import {usableUrl} from '../../jupyterhub/hub-addresses.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {serverState} from '../user/user-list.js'

export interface ListedServer {
  readonly user: string
  readonly state: string
  /** Its path alone where the hub can be reached by `jhub open` only. */
  readonly url: string
  readonly startedAt: string | null
  readonly lastActivity: string | null
}

/** The servers that run or are about to. */
export async function serverList(context: HubContext): Promise<{readonly servers: readonly ListedServer[]}> {
  const hub = await openHub(context)
  const users = await (await hub.requireApi()).users()
  const url = usableUrl((await hub.engine.platform.status(hub.spec)).addresses)
  const servers = users.flatMap(({name, server}): readonly ListedServer[] =>
    server === undefined
      ? []
      : [
          {
            user: name,
            state: serverState(server),
            url: url === null ? server.url : new URL(server.url, url).href,
            startedAt: server.startedAt ?? null,
            lastActivity: server.lastActivity ?? null,
          },
        ],
  )
  return {servers}
}
