import type {HubApi} from '../hub-api.js'
import type {HubUser} from '../hub-model.js'
import type {Send} from './hub-request.js'
import {readPages} from './read-pages.js'
import {toUser} from '../people/user-model.js'

type UserRequests = Pick<HubApi, 'users' | 'user' | 'createUsers' | 'deleteUser' | 'setAdmin'>

/** Who is on the hub. `stopServer` ends somebody's server before they are deleted. */
export function userRequests(send: Send, stopServer: HubApi['stopServer']): UserRequests {
  return {
    users: async () => (await readPages(send, '/users')).map(toUser),
    user: (name) => readUser(send, name),
    async createUsers(names) {
      if (names.length === 0) return
      await send('/users', {method: 'POST', body: {usernames: names}, answers: [409], timeoutMs: 600_000})
    },
    async deleteUser(name) {
      if (!isAddressable(name)) {
        await send('/jhub/users', {method: 'DELETE', body: {names: [name]}, timeoutMs: 120_000})
        return
      }
      const found = await readUser(send, name)
      if (found?.server !== undefined) await stopServer(name)
      await send(place(name), {method: 'DELETE', answers: [404], timeoutMs: 120_000})
    },
    async setAdmin(name, admin) {
      await send(place(name), {method: 'PATCH', body: {admin}})
    },
  }
}

/** Nobody of that name: `undefined`. */
export async function readUser(send: Send, name: string): Promise<HubUser | undefined> {
  const {status, body} = await send(place(name), {answers: [404]})
  return status === 404 ? undefined : toUser(body)
}

function place(name: string): string {
  return `/users/${encodeURIComponent(name)}`
}

/** A name that cannot stand in an address was made on the hub's own pages. */
function isAddressable(name: string): boolean {
  return name !== '' && !/[/%\\?#\p{C}]/u.test(name) && !/^\.{1,2}$/.test(name)
}
