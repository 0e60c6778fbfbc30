import type {HubServer, HubUser} from '../hub-model.js'
import {unexpectedAnswer} from '../requests/unexpected-answer.js'
import {isRecord} from '../../hub-spec/document/is-record.js'
import {definedOnly, ifDefined} from '../../defined-only.js'
import {stringOf} from './string-of.js'

interface UserModel {
  readonly name: string
  readonly admin: boolean
  readonly groups?: readonly string[]
  readonly last_activity?: string | null
  readonly servers?: Readonly<Record<string, ServerModel>>
}

interface ServerModel {
  readonly ready: boolean
  readonly pending?: string | null
  readonly started?: string | null
  readonly last_activity?: string | null
  readonly url: string
  readonly state?: Readonly<Record<string, unknown>> | null
  readonly user_options?: Readonly<Record<string, unknown>> | null
}

/** A user of the hub's answer. Throws `JHUB-E210` for what is none. */
export function toUser(body: unknown): HubUser {
  if (!isUser(body)) throw unexpectedAnswer('/users', 'a user without a name, or without admin')
  const model: UserModel = body
  const server = model.servers?.['']
  return {
    name: model.name,
    admin: model.admin,
    groups: model.groups ?? [],
    ...definedOnly({lastActivity: stringOf(model.last_activity), server: ifDefined(server, toServer)}),
  }
}

function isUser(body: unknown): body is UserModel {
  if (!isRecord(body) || typeof body['name'] !== 'string' || typeof body['admin'] !== 'boolean') return false
  const {groups = [], servers = {}} = body
  return Array.isArray(groups) && isRecord(servers) && Object.values(servers).every(isServer)
}

function isServer(model: unknown): boolean {
  return isRecord(model) && typeof model['ready'] === 'boolean' && typeof model['url'] === 'string'
}

function toServer(model: ServerModel): HubServer {
  const {ready, pending, started, last_activity: lastActivity, url, state, user_options: options} = model
  return {
    ready,
    url,
    ...definedOnly({
      pending: stringOf(pending),
      startedAt: stringOf(started),
      lastActivity: stringOf(lastActivity),
      state: state ?? undefined,
      options: options ?? undefined,
    }),
  }
}
