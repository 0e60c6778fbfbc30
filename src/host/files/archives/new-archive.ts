import {open, rm} from 'node:fs/promises'
import {once} from 'node:events'
import {pipeline} from 'node:stream/promises'
import {createZstdCompress} from 'node:zlib'
import {pack} from 'tar-stream'
import type {ArchiveEntry, NewArchive} from './archives.js'
import {writingFailed} from '../writing-failed.js'

type EntryHeader = Parameters<ReturnType<typeof pack>['entry']>[0]

/** A tar that is written as it comes, never held as a whole. */
export async function createArchive(file: string): Promise<NewArchive> {
  const handle = await open(file, 'wx', 0o600)
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
    for await (const chunk of content) if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), failed])
    entry.end(null)
    await Promise.race([packed.promise, failed])
  }
  return {
    addFile: (entry, content) => add({...headerOf(entry), size: entry.size}, content),
    addDirectory: (entry) => add({...headerOf(entry), type: 'directory'}, nothing()),
    addLink: (entry) => add({...headerOf(entry), type: 'symlink', linkname: entry.target}, nothing()),
    async close() {
      tar.finalize()
      await written.catch((error: unknown) => Promise.reject(writingFailed(file, error)))
    },
    async abandon() {
      ending.abort()
      await written.catch(() => undefined)
      await rm(file, {force: true})
    },
  }
}

function headerOf({name, mode, modifiedMs}: ArchiveEntry): EntryHeader {
  return {name, mode, mtime: new Date(modifiedMs)}
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // An entry without a body.
}
