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
