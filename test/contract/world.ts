import type {HubContext} from '../../src/hub/hub-context.js'
import type {FakeHubState} from '../fakes/fake-hub.js'
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
  isKilled(): boolean
  /** A new jhub begins: the one before was killed. */
  revive(): void
  close(): Promise<void>
}
