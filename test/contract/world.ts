import type {HubContext} from '../../src/hub/session/hub-context.js'
import type {FakeHubState} from '../fakes/fake-hub-state.js'
import type {MemoryFiles} from '../fakes/memory-files.js'

/** A fake world in which a hub can be brought up: it behaves, it can fail, and jhub can be killed in it. */
export interface World {
  readonly mode: 'vm' | 'k8s'
  readonly files: MemoryFiles
  /** Every change that was made, in order. */
  readonly changes: readonly string[]
  /** What people have put on the hub: survives as long as its database does. */
  hubState: FakeHubState | undefined
  /** Dies before the n-th change from now. */
  killAt: number | undefined
  /** Makes the n-th change from now fail, once. */
  failAt: number | undefined
  /** So many of the next starts of the hub end at once. */
  brokenHubStarts: number
  /** A new jhub, in front of this world. */
  context(): HubContext
  /** Everything of the hub that runs now, told apart from anything started later. */
  running(): readonly unknown[]
  /** What the running hub was started from. */
  hubFingerprint(): string | undefined
  /** Where a file in somebody's home stands. */
  homeFile(user: string, name: string): string
  /** Where homes stand, when it is not among `files`. */
  readonly homeFiles?: MemoryFiles
  /** Everything that anybody could compare, when there is more than `files`. */
  snapshot?(): unknown
  /** What of the hub is there but its data, when that is more than files. */
  leftovers?(): readonly string[]
  dataLeft?(): readonly string[]
  isKilled(): boolean
  /** A new jhub begins: the one before was killed. */
  revive(): void
  close(): Promise<void>
}
