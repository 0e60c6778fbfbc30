import {JhubError} from '../errors.js'
import {checkPasswords, type PasswordsChecked} from './check-passwords.js'
import {createToken} from './create-token.js'
import type {HubConnection} from './hub-connection.js'
import {busyHubMs, isHubReady} from './hub-ready.js'
import {hubMessage, sendTo} from './hub-request.js'
import {readPeopleSeen, type PersonSeen} from './people-seen.js'
import {readPages} from './read-pages.js'
import {unexpectedAnswer} from './unexpected-answer.js'
import {startServer, stopServer, type StartOptions} from './servers.js'
import {toUser} from './user-model.js'
import {isRecord} from '../hub-spec/is-record.js'

export interface HubUser {
  readonly name: string
  readonly admin: boolean
  readonly groups: readonly string[]
  readonly lastActivity?: string
  readonly server?: HubServer
}

export interface HubServer {
  readonly ready: boolean
  readonly pending?: string
  readonly startedAt?: string
  readonly lastActivity?: string
  /** Path of the server below the hub's address. */
  readonly url: string
  /** What the spawner keeps of it: pid, start time. */
  readonly state?: Readonly<Record<string, unknown>>
  /** What was chosen where it was last started with a choice; the next start takes it again. */
  readonly options?: Readonly<Record<string, unknown>>
}

export interface HubGroup {
  readonly name: string
  readonly users: readonly string[]
  readonly properties: Readonly<Record<string, unknown>>
}

/** What the settings file says of somebody, or a provider gave. */
export interface SignInPerson {
  readonly admin: boolean
  readonly groups: readonly string[]
}

export interface SignInSeen {
  readonly people: ReadonlyMap<string, SignInPerson>
  /** Of the accounts that signed in. */
  readonly given: ReadonlyMap<string, SignInPerson>
  /** Names that stay out until the settings file names them again. */
  readonly removed: readonly string[]
}

/** The control plane of a hub: JupyterHub's REST API and jhub's own password routes. */
export interface HubApi {
  info(): Promise<{readonly version: string}>
  isReady(): Promise<boolean>
  users(): Promise<readonly HubUser[]>
  user(name: string): Promise<HubUser | undefined>
  createUsers(names: readonly string[]): Promise<void>
  /** Stops the server, revokes tokens, forgets the password. Who is not there is fine. */
  deleteUser(name: string): Promise<void>
  setAdmin(name: string, admin: boolean): Promise<void>
  groups(): Promise<readonly HubGroup[]>
  createGroup(name: string): Promise<void>
  deleteGroup(name: string): Promise<void>
  addToGroup(group: string, names: readonly string[]): Promise<void>
  removeFromGroup(group: string, names: readonly string[]): Promise<void>
  setGroupProperties(group: string, properties: Readonly<Record<string, unknown>>): Promise<void>
  /** Throws `JHUB-E105` when the hub finds it too weak. `generated`: made by us, of 60 random bits. */
  setPassword(name: string, password: string, generated: boolean): Promise<void>
  setPasswords(passwords: ReadonlyMap<string, string>, generated: boolean): Promise<void>
  /** Nobody where people do not sign in with passwords of their own. */
  usersWithPassword(): Promise<ReadonlySet<string>>
  /** Whom the hub lets sign in by name, and what a provider gave; empty where people have passwords. */
  signIn(): Promise<SignInSeen>
  setSignIn(people: ReadonlyMap<string, SignInPerson>): Promise<void>
  /** A path below the hub's address that lets an admin in once. Throws `JHUB-E302` for whoever is no admin there. */
  makeOnceLink(name: string): Promise<string>
  /** A token by which somebody is known to the hub, for so many seconds. */
  createToken(name: string, expiresInSeconds: number): Promise<string>
  /** Which of these passwords hold now, and who has one that jhub made. */
  checkPasswords(passwords: ReadonlyMap<string, string>): Promise<PasswordsChecked>
  /** What the hub noticed of people; `undefined` where it does not say. */
  peopleSeen(): Promise<ReadonlyMap<string, PersonSeen> | undefined>
  /** Waits until the server is ready. Throws `JHUB-E208` with the hub's reason. */
  startServer(name: string, options?: StartOptions): Promise<void>
  /** Waits until the server is gone. */
  stopServer(name: string): Promise<void>
}

export interface HubApiOptions {
  readonly signal?: AbortSignal
  /** Told what is waited for, when that takes more than some seconds. */
  readonly onWait?: (text: string) => void
}

export function createHubApi(connection: HubConnection, options: HubApiOptions = {}): HubApi {
  const {signal} = options
  const send = sendTo(connection, options)
  const user = (name: string) => `/users/${encodeURIComponent(name)}`
  const group = (name: string) => `/groups/${encodeURIComponent(name)}`
  const findUser = async (name: string) => {
    const {status, body} = await send(user(name), {answers: [404]})
    return status === 404 ? undefined : toUser(body)
  }
  const setPasswords = async (passwords: ReadonlyMap<string, string>, generated: boolean) => {
    if (passwords.size === 0) return
    const {status, body} = await send('/jhub/passwords', {
      method: 'PUT',
      body: {generated, passwords: Object.fromEntries(passwords)},
      answers: [400],
      timeoutMs: 600_000,
    })
    if (status === 400) {
      throw new JhubError('JHUB-E105', `The hub refused a password: ${hubMessage(body)}`, {
        fix: 'Take a longer one, or leave it to jhub: jhub user password NAME',
      })
    }
  }
  return {
    async info() {
      const {body} = await send('/')
      if (!isRecord(body) || typeof body['version'] !== 'string') throw unexpectedAnswer('/', 'no version')
      return {version: body['version']}
    },
    isReady: async () => (await isHubReady(connection.url, connection.trust, busyHubMs)).ready,
    users: async () => (await readPages(send, '/users')).map(toUser),
    user: findUser,
    async createUsers(names) {
      if (names.length === 0) return
      await send('/users', {method: 'POST', body: {usernames: names}, answers: [409], timeoutMs: 600_000})
    },
    async deleteUser(name) {
      if (!isAddressable(name)) {
        await send('/jhub/users', {method: 'DELETE', body: {names: [name]}, timeoutMs: 120_000})
        return
      }
      const found = await findUser(name)
      if (found?.server !== undefined) await stopServer({send, findUser, name, ...options})
      await send(user(name), {method: 'DELETE', answers: [404], timeoutMs: 120_000})
    },
    async setAdmin(name, admin) {
      await send(user(name), {method: 'PATCH', body: {admin}})
    },
    groups: async () => (await readPages(send, '/groups')).map(toGroup),
    async createGroup(name) {
      await send(group(name), {method: 'POST', body: {}, answers: [409]})
    },
    async deleteGroup(name) {
      await send(group(name), {method: 'DELETE', answers: [404]})
    },
    async addToGroup(name, users) {
      if (users.length > 0) await send(`${group(name)}/users`, {method: 'POST', body: {users}})
    },
    async removeFromGroup(name, users) {
      if (users.length > 0) await send(`${group(name)}/users`, {method: 'DELETE', body: {users}})
    },
    async setGroupProperties(name, properties) {
      await send(`${group(name)}/properties`, {method: 'PUT', body: properties})
    },
    setPassword: (name, password, generated) => setPasswords(new Map([[name, password]]), generated),
    setPasswords,
    async usersWithPassword() {
      const {status, body} = await send('/jhub/passwords', {answers: [404]})
      if (status === 404) return new Set()
      const names: unknown = isRecord(body) ? body['names'] : undefined
      if (!Array.isArray(names)) throw unexpectedAnswer('/jhub/passwords', 'no names')
      return new Set(names.map(String))
    },
    async signIn() {
      const {status, body} = await send('/jhub/sign-in', {answers: [404]})
      return status === 404 ? {people: new Map(), given: new Map(), removed: []} : toSignIn(body)
    },
    async setSignIn(people) {
      await send('/jhub/sign-in', {method: 'PUT', body: {people: Object.fromEntries(people)}})
    },
    async makeOnceLink(name) {
      const {status, body} = await send('/jhub/once', {method: 'POST', body: {name}, answers: [404]})
      if (status === 404)
        throw new JhubError('JHUB-E302', `${name} is no admin of the hub`, {fix: `jhub user set ${name} --admin`})
      if (!isRecord(body) || typeof body['path'] !== 'string') throw unexpectedAnswer('/jhub/once', 'no path')
      return `/hub${body['path']}`
    },
    createToken: (name, expiresInSeconds) => createToken(send, name, expiresInSeconds),
    checkPasswords: (passwords) => checkPasswords(send, passwords),
    peopleSeen: () => readPeopleSeen(send),
    startServer: (name, options = {}) =>
      startServer({connection, send, findUser, name, ...(signal === undefined ? {} : {signal})}, options),
    stopServer: (name) => stopServer({send, findUser, name, ...options}),
  }
}

function toSignIn(body: unknown): SignInSeen {
  const people = (value: unknown): ReadonlyMap<string, SignInPerson> => {
    if (!isRecord(value)) throw unexpectedAnswer('/jhub/sign-in', 'no people')
    return new Map(
      Object.entries(value).map(([name, entry]) => {
        if (!isRecord(entry) || !Array.isArray(entry['groups'])) throw unexpectedAnswer('/jhub/sign-in', 'no groups')
        return [name, {admin: entry['admin'] === true, groups: entry['groups'].map(String)}]
      }),
    )
  }
  if (!isRecord(body) || !Array.isArray(body['removed'])) throw unexpectedAnswer('/jhub/sign-in', 'no names')
  return {people: people(body['people']), given: people(body['given']), removed: body['removed'].map(String)}
}

/** A name that cannot stand in an address was made on the hub's own pages. */
function isAddressable(name: string): boolean {
  return name !== '' && !/[/%\\?#\p{C}]/u.test(name) && !/^\.{1,2}$/.test(name)
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
