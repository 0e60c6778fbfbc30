export interface FakeUser {
  admin: boolean
  server: 'starting' | 'running' | undefined
  /** Name and build, as the hub's own Python keeps them of a server. */
  image?: readonly [string, string] | undefined
  /** What the person chose last. */
  options?: Readonly<Record<string, unknown>>
}

export interface FakePerson {
  readonly admin: boolean
  readonly groups: readonly string[]
}

/** What a hub keeps in its database, and what makes a spawn go wrong. */
export interface FakeHubState {
  readonly users: Map<string, FakeUser>
  readonly groups: Map<string, {readonly members: Set<string>; properties: Record<string, unknown>}>
  readonly passwords: Map<string, string>
  /** What a test login shows; absent: nobody has opened the link. */
  trial?: Readonly<Record<string, unknown>>
  /** Whom the spec names, where people have no passwords; and what a provider gave. */
  readonly signIn: {people: Record<string, FakePerson>; given: Record<string, FakePerson>; removed: string[]}
  /** What is said of people on the day. */
  readonly seen: Record<string, Record<string, unknown>>
  /** Users whose server dies at start, with what the hub then says. */
  readonly failingSpawns: Map<string, string>
  /** Users whom the hub does not delete, by how often it fails at that. */
  readonly failingDeletes: Map<string, number>
  /** Its database was emptied under it: it knows no token any more. */
  hasForgotten?: boolean
  /** It restarts when it has answered so many requests more: the next three find nobody. */
  restartsAfter?: number | undefined
  /** It agrees to every change and makes none. */
  agreesOnly?: boolean
  /** An older jhub brought it up: it cannot say which passwords hold. */
  cannotCheckPasswords?: boolean
  /** It is so busy that it takes this long to say that it is there. */
  busyMs?: number
  /** It is booting: so many looks more find nobody behind its proxy. */
  looksInVain?: number
}

export function newHubState(): FakeHubState {
  return {
    users: new Map(),
    groups: new Map(),
    passwords: new Map(),
    signIn: {people: {}, given: {}, removed: []},
    seen: {},
    failingSpawns: new Map(),
    failingDeletes: new Map(),
  }
}
