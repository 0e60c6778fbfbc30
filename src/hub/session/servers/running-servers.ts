import {JhubError} from '../../../errors.js'
import type {OpenHub} from '../open-hub.js'

/** People whose server is running or starting; nobody if the hub does not answer. */
export async function peopleWithServers(hub: Pick<OpenHub, 'connect'>): Promise<readonly string[]> {
  try {
    const users = (await (await hub.connect())?.users()) ?? []
    return users.flatMap(({name, server}) => (server === undefined ? [] : [name]))
  } catch (error) {
    if (error instanceof JhubError) return []
    throw error
  }
}
