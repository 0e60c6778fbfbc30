import type {PasswordsChecked} from './people/check-passwords.js'
import type {HubGroup, HubUser, SignInPerson, SignInSeen} from './hub-model.js'
import type {PersonSeen} from './people/people-seen.js'
import type {TrialRequests} from './requests/trial-requests.js'
import type {StartOptions} from './servers/servers.js'

/** The control plane of a hub: JupyterHub's REST API and jhub's own password routes. */
export interface HubApi extends TrialRequests {
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
  /** Throws `JHUB-E105` when the hub finds one too weak. `generated`: made by us, of 60 random bits. */
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
  /** Which of these passwords hold now, and who has one that jhub made; `undefined` for a hub of an older jhub, which cannot say. */
  checkPasswords(passwords: ReadonlyMap<string, string>): Promise<PasswordsChecked | undefined>
  /** What the hub noticed of people; `undefined` where it does not say. */
  peopleSeen(): Promise<ReadonlyMap<string, PersonSeen> | undefined>
  /** Waits until the server is ready. Throws `JHUB-E208` with the hub's reason. */
  startServer(name: string, options?: StartOptions): Promise<void>
  /** Waits until the server is gone. */
  stopServer(name: string): Promise<void>
}
