import path from 'node:path'
import {requestsFor} from '../../../host/files/file-parts.js'
import {newPartFile} from '../../../host/files/part-files.js'
import type {FileFacts} from '../../../host/files/files.js'
import type {Host} from '../../../host/host.js'
import type {FilesFound, FoundFile, FoundOther, Home} from '../../../engines/engine.js'
import {JhubError} from '../../../errors.js'
import type {ArchiveEntry, NewArchive} from '../../../host/files/archives/archives.js'
import {numberedNames} from './numbered-names.js'
import {shownName} from './shown-name.js'

export interface NewHomeArchive {
  readonly file: string
  readonly home: Home
  readonly found: FilesFound
  /** Told when everything is on the disk, before the archive has its name. */
  readonly whole: (facts: FileFacts | undefined) => Promise<void>
  readonly signal: AbortSignal
}

/**
 * Writes all that was found in a home into a new archive. Throws `JHUB-E229` when a file changed meanwhile; then, and after any
 * other error, no archive is left.
 */
export async function archiveHome(
  host: Pick<Host, 'archives' | 'files' | 'processes' | 'system'>,
  {file, home, found, whole, signal}: NewHomeArchive,
): Promise<void> {
  const partial = await newPartFile(host, path.dirname(file))
  const archive = await host.archives.create(file, partial)
  try {
    const names = archivedNames()
    for (const other of found.others) await addOther(archive, names, other)
    const parts = readInOrder(home, found.files, signal)
    for (const each of found.files)
      await archive.addFile(
        {...entryOf(names, each, each.executable ? 0o755 : 0o644), size: each.size},
        partsOf(parts, each),
      )
    await archive.close(async () => whole(await host.files.stat(partial)))
  } catch (error) {
    await archive.abandon()
    throw error
  }
}

async function addOther(archive: NewArchive, names: (path: string) => string, other: FoundOther): Promise<void> {
  if (other.kind === 'directory') await archive.addDirectory(entryOf(names, other, other.mode))
  else if (other.kind === 'link')
    await archive.addLink({...entryOf(names, other, 0o777), target: wellFormed(other.target)})
}

function entryOf(
  names: (path: string) => string,
  {path, modified}: FoundFile | FoundOther,
  mode: number,
): ArchiveEntry {
  return {name: names(path), mode, modifiedMs: Math.max(0, modified)}
}

/** What stands in files, part by part, a few files with each request. */
async function* readInOrder(home: Home, files: readonly FoundFile[], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const request of requestsFor(files)) {
    signal.throwIfAborted()
    const parts = request.map(({of, offset, length}) => ({path: of.path, version: of.version, offset, length}))
    const answers = await home.read(parts)
    for (const [index, {of, length}] of request.entries()) {
      const bytes = answers[index]
      if (bytes?.length !== length)
        throw new JhubError('JHUB-E229', `${shownName(of.path)} changed while it was read: run the same command again`)
      yield bytes
    }
  }
}

/** The next of these parts, as far as they are of this file. */
async function* partsOf(parts: AsyncGenerator<Uint8Array>, file: FoundFile): AsyncGenerator<Uint8Array> {
  let done = 0
  do {
    const {value} = (await parts.next()) as {readonly value: Uint8Array}
    done += value.length
    if (value.length > 0) yield value
  } while (done < file.size)
}

/** Names as a tar has them: what is no Unicode is written as `%FF`, and no two files get the same. */
function archivedNames(): (path: string) => string {
  const free = numberedNames()
  return (path) => free(wellFormed(path))
}

/** A byte that is no UTF-8 comes as a lone surrogate. */
function wellFormed(text: string): string {
  const bytes = text.replace(
    /[\uDC80-\uDCFF]/gu,
    (byte) => `%${(byte.charCodeAt(0) - 0xdc00).toString(16).toUpperCase()}`,
  )
  return bytes.toWellFormed()
}
