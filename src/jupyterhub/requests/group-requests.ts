import {isRecord} from '../../hub-spec/document/is-record.js'
import type {HubApi} from '../hub-api.js'
import type {HubGroup} from '../hub-model.js'
import type {Send} from './hub-request.js'
import {readPages} from './read-pages.js'
import {unexpectedAnswer} from './unexpected-answer.js'

type GroupRequests = Pick<
  HubApi,
  'groups' | 'createGroup' | 'deleteGroup' | 'addToGroup' | 'removeFromGroup' | 'setGroupProperties'
>

/** The groups of the hub, their members and their properties. */
export function groupRequests(send: Send): GroupRequests {
  const place = (name: string) => `/groups/${encodeURIComponent(name)}`
  return {
    groups: async () => (await readPages(send, '/groups')).map(toGroup),
    async createGroup(name) {
      await send(place(name), {method: 'POST', body: {}, answers: [409]})
    },
    async deleteGroup(name) {
      await send(place(name), {method: 'DELETE', answers: [404]})
    },
    async addToGroup(name, users) {
      if (users.length > 0) await send(`${place(name)}/users`, {method: 'POST', body: {users}})
    },
    async removeFromGroup(name, users) {
      if (users.length > 0) await send(`${place(name)}/users`, {method: 'DELETE', body: {users}})
    },
    async setGroupProperties(name, properties) {
      await send(`${place(name)}/properties`, {method: 'PUT', body: properties})
    },
  }
}

function toGroup(body: unknown): HubGroup {
  if (!isRecord(body) || typeof body['name'] !== 'string') throw unexpectedAnswer('/groups', 'a group without a name')
  const {name, users, properties} = body as {
    name: string
    users?: readonly string[]
    properties?: Readonly<Record<string, unknown>> | null
  }
  return {name, users: users ?? [], properties: properties ?? {}}
}
