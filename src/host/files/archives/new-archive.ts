import {once} from 'node:events'
import {link, open, rename, rm, stat} from 'node:fs/promises'
import path from 'node:path'
import {pipeline} from 'node:stream/promises'
import {createZstdCompress} from 'node:zlib'
import {pack} from 'tar-stream'
import type {ArchiveEntry, NewArchive} from './archives.js'
import {writingFailed} from '../writing-failed.js'

/** Up to the year 2038 a time stands in the plain header; a later one, which a file's owner can set, beside it. */
const latestPlainSecond = 2 ** 31 - 1
/** The end of the year 9999: a tar may be unpacked where no later time is known. */
const latestSecond = 253_402_300_799

type EntryHeader = Parameters<ReturnType<typeof pack>['entry']>[0]

/** A tar that is written as it comes, never held as a whole. It has its name only when it is whole. */
export async function createArchive(file: string, partial: string): Promise<NewArchive> {
  if (await isThere(file)) throw new Error(`${file} is there already`)
  const handle = await open(partial, 'wx', 0o600)
  const tar = pack()
  const ending = new AbortController()
  const written = pipeline(tar, createZstdCompress(), handle.createWriteStream({flush: true}), {signal: ending.signal})
  // What went wrong is told by whoever waits for the end.
  written.catch(() => undefined)
  const failed = written.then(
    () => Promise.reject(new Error('the archive was closed')),
    (error: unknown) => Promise.reject(writingFailed(file, error)),
  )
  failed.catch(() => undefined)

  const add = async (header: EntryHeader, content: AsyncIterable<Uint8Array>) => {
    const packed = Promise.withResolvers<undefined>()
    packed.promise.catch(() => undefined)
    const entry = tar.entry(header, (error) => {
      if (error == null) packed.resolve(undefined)
      else packed.reject(error)
    })
    // Of an archive that is abandoned, the entry that is open says so too.
    entry.on('error', () => undefined)
    for await (const chunk of content) if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), failed])
    entry.end(null)
    await Promise.race([packed.promise, failed])
  }
  return {
    addFile: (entry, content) => add({...headerOf(entry), size: entry.size}, content),
    addDirectory: (entry) => add({...headerOf(entry), type: 'directory'}, nothing()),
    addLink: (entry) => add({...headerOf(entry), type: 'symlink', linkname: entry.target}, nothing()),
    async close(whole) {
      tar.finalize()
      await written.catch((error: unknown) => Promise.reject(writingFailed(file, error)))
      await whole()
      await giveName(partial, file)
      await syncDirectory(path.dirname(file))
    },
    async abandon() {
      ending.abort()
      await written.catch(() => undefined)
      await rm(partial, {force: true})
    },
  }
}

/** Writes over nothing, also where somebody else made an archive of that name meanwhile. */
async function giveName(partial: string, file: string): Promise<void> {
  try {
    await link(partial, file)
  } catch (error) {
    // A file system without hard links.
    if (await isThere(file)) throw error
    return rename(partial, file)
  }
  await rm(partial)
}

/** The name of the archive survives a power cut from here on, so that what is in it can be removed elsewhere. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // A file system that keeps no directory back.
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(String((error as NodeJS.ErrnoException).code))) throw error
  } finally {
    await handle.close()
  }
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined
}

function headerOf({name, mode, modifiedMs}: ArchiveEntry): EntryHeader {
  const seconds = Math.min(Math.floor(modifiedMs / 1000), latestSecond)
  if (seconds <= latestPlainSecond) return {name, mode, mtime: new Date(seconds * 1000)}
  return {name, mode, mtime: new Date(latestPlainSecond * 1000), pax: {mtime: String(seconds)}}
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // An entry without a body.
}
