import {JhubError} from '../../../errors.js'
import type {OpenHub} from '../open-hub.js'

/** Who has a server that runs or starts, as the hub says; nobody where the hub does not answer. */
export async function peopleWithServers(hub: Pick<OpenHub, 'connect'>): Promise<readonly string[]> {
  try {
    const users = (await (await hub.connect())?.users()) ?? []
    return users.flatMap(({name, server}) => (server === undefined ? [] : [name]))
  } catch (error) {
    if (error instanceof JhubError) return []
    throw error
  }
}
