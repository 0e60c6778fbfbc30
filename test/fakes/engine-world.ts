import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import type {Engine} from '../../src/engines/engine.js'
import type {Files} from '../../src/host/files/files.js'
import type {FakeHubState} from './fake-hub-state.js'
import type {Fault} from './fault.js'
import type {MemoryFiles} from './memory-files.js'

export const assets = fileURLToPath(new URL('../../assets', import.meta.url))

/** A place for hubs that behaves, and what is seen of it from outside. It keeps its state from one `jhub` to the next. */
export interface EngineWorld extends Fault {
  engine(hubName: string): Promise<Engine>
  /** The files of the machine that runs jhub. */
  readonly files: MemoryFiles
  hubState: FakeHubState | undefined
  /** So many of the next starts of the hub end at once. */
  brokenHubStarts: number
  /** Somebody else's program answers at the hub's address. */
  isForeign: boolean
  /** What runs, with what it was started with. */
  services(): ReadonlyMap<string, string>
  /** Everything that anybody could compare: paths with their texts. */
  snapshot(): unknown
  /** What of the hub is there, but homes, accounts and the spec. */
  leftovers(): readonly string[]
  dataLeft(): readonly string[]
  /** Where a file in somebody's home stands, and among which files. */
  homeFile(user: string, name: string): string
  readonly homeFiles: MemoryFiles
  close(): Promise<void>
}

/** Files that have what is shipped with jhub, too; what a test put in place of it counts. */
export function withShipped<T extends Files>(files: T): T {
  return {...files, read: async (file) => (await files.read(file)) ?? readShipped(file)}
}

const shipped = new Map<string, string>()

function readShipped(file: string): string | undefined {
  if (!file.startsWith(assets)) return undefined
  const text = shipped.get(file) ?? readFileSync(file, 'utf8')
  shipped.set(file, text)
  return text
}

export function entriesOf(files: MemoryFiles): readonly (readonly [string, string, number, string])[] {
  return [...files.entries].map(([path, {kind, text, mode}]) => [path, kind, mode, text] as const)
}
