import {createHash} from 'node:crypto'
import path from 'node:path'
import {parseJson} from '../../../hub-spec/document/parse-json.js'
import type {FilesFound} from '../../../engines/engine.js'
import type {HubContext} from '../../session/hub-context.js'

/** A whole archive of a home that may not be empty yet. */
export interface ArchivedHome {
  /** An absolute path on this computer. */
  readonly archive: string
  /** Of the archive itself, by which it is known again. */
  readonly archiveBytes: number
  readonly archiveModifiedMs: number
  readonly files: number
  readonly sizeBytes: number
  /** What the archive holds, as `entriesOf` gives it. */
  readonly entries: readonly string[]
}

type Stored = {readonly directory: string} & Partial<ArchivedHome>

/** What stays on this computer of a reset until homes are empty: after a kill, the next one goes on with the same archives. */
export interface UnfinishedResets {
  /** Where the archives of these people were to be. `undefined`: nothing of theirs is unfinished. */
  directoryOf(logins: readonly string[]): Promise<string | undefined>
  begin(logins: readonly string[], directory: string): Promise<void>
  /** Comes before the archive has its name. */
  archiveIsWhole(login: string, directory: string, home: ArchivedHome): Promise<void>
  /** `undefined` where there is none, or another file has its name. */
  archived(login: string): Promise<ArchivedHome | undefined>
  end(login: string): Promise<void>
}

export function unfinishedResets({host, directories}: HubContext, hubName: string): UnfinishedResets {
  const {files} = host
  const fileOf = (login: string) => {
    const digest = createHash('sha256').update(login).digest('hex').slice(0, 16)
    return path.join(directories.state, hubName, `reset-${digest}.json`)
  }
  const read = async (login: string) => stored(parseJson((await files.read(fileOf(login))) ?? ''))
  const write = (login: string, kept: Stored) => files.write(fileOf(login), `${JSON.stringify(kept)}\n`, {mode: 0o600})
  return {
    async directoryOf(logins) {
      const found = await Promise.all(logins.map(read))
      return found.find((each) => each !== undefined)?.directory
    },
    async begin(logins, directory) {
      for (const login of logins) if ((await read(login)) === undefined) await write(login, {directory})
    },
    archiveIsWhole: (login, directory, home) => write(login, {directory, ...home}),
    async archived(login) {
      const home = homeOf(await read(login))
      const facts = home && (await files.stat(home.archive))
      const isSame =
        facts?.kind === 'file' && facts.sizeBytes === home?.archiveBytes && facts.modifiedMs === home.archiveModifiedMs
      return isSame ? home : undefined
    },
    end: (login) => files.remove(fileOf(login)),
  }
}

/** One text for each entry of a home, another one whenever what an archive has of it is. Directories change while they are emptied. */
export function entriesOf({files, others}: FilesFound): readonly string[] {
  return [
    ...files.map(({path, version}) => JSON.stringify(['file', path, version])),
    ...others.map((other) => JSON.stringify([other.kind, other.path, other.kind === 'link' ? other.target : ''])),
  ]
}

/** Whether an archive holds all that is in a home now. */
export function holdsAll({entries}: ArchivedHome, found: FilesFound): boolean {
  const held = new Set(entries)
  return !found.hasMore && found.leftOut === 0 && entriesOf(found).every((entry) => held.has(entry))
}

/** Of a damaged file, nothing: then everything is archived once more. */
function stored(value: unknown): Stored | undefined {
  const found = (value ?? {}) as Partial<Stored>
  return typeof found.directory === 'string' ? {...found, directory: found.directory} : undefined
}

function homeOf(found: Partial<ArchivedHome> | undefined): ArchivedHome | undefined {
  const {archive, archiveBytes, archiveModifiedMs, files, sizeBytes, entries} = found ?? {}
  const areTexts = Array.isArray(entries) && entries.every((each) => typeof each === 'string')
  return typeof archive === 'string' &&
    typeof archiveBytes === 'number' &&
    typeof archiveModifiedMs === 'number' &&
    typeof files === 'number' &&
    typeof sizeBytes === 'number' &&
    areTexts
    ? {archive, archiveBytes, archiveModifiedMs, files, sizeBytes, entries}
    : undefined
}
