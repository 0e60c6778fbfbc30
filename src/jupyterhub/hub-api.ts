import {definedOnly} from '../defined-only.js'
import {isRecord} from '../hub-spec/document/is-record.js'
import type {PasswordsChecked} from './check-passwords.js'
import type {HubConnection} from './hub-connection.js'
import {busyHubMs, isHubReady} from './hub-ready.js'
import {sendTo} from './hub-request.js'
import {outlastRestart, type Patience} from './outlast-restart.js'
import {readPeopleSeen, type PersonSeen} from './people-seen.js'
import {groupRequests} from './requests/group-requests.js'
import {passwordRequests} from './requests/password-requests.js'
import {signInRequests} from './requests/sign-in-requests.js'
import {readUser, userRequests} from './requests/user-requests.js'
import {startServer, stopServer, type StartOptions} from './servers.js'
import {unexpectedAnswer} from './unexpected-answer.js'

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

export interface HubApiOptions extends Patience {
  readonly signal?: AbortSignal
  /** Told what is waited for, when that takes more than some seconds. */
  readonly onWait?: (text: string) => void
}

export function createHubApi(connection: HubConnection, options: HubApiOptions = {}): HubApi {
  const sendOnce = sendTo(connection, options)
  const send = outlastRestart(sendOnce, options)
  const findUser = (name: string) => readUser(send, name)
  const findNow = (name: string) => readUser(sendOnce, name)
  const stop = (name: string) => stopServer({send, findUser, name, ...options})
  return {
    async info() {
      const {body} = await send('/')
      if (!isRecord(body) || typeof body['version'] !== 'string') throw unexpectedAnswer('/', 'no version')
      return {version: body['version']}
    },
    isReady: async () => (await isHubReady(connection.url, connection.trust, busyHubMs)).ready,
    ...userRequests(send, stop),
    ...groupRequests(send),
    ...passwordRequests(send),
    ...signInRequests(send),
    peopleSeen: () => readPeopleSeen(send),
    startServer: (name, chosen = {}) =>
      startServer({connection, send, findUser: findNow, name, ...definedOnly({signal: options.signal})}, chosen),
    stopServer: stop,
  }
}
