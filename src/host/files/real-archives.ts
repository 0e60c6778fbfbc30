import {createReadStream, createWriteStream} from 'node:fs'
import {readFile, readdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {buffer} from 'node:stream/consumers'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'
import type {Pack} from 'tar-stream'
import type {Archives, TarSource} from './archives.js'
import {writingFailed} from './writing-failed.js'

export const realArchives: Archives = {
  async pack(directories) {
    const {pack} = await import('tar-stream')
    const archive = pack()
    const packed = buffer(archive.pipe(createGzip()))
    for (const {name, path: root, without = []} of directories) {
      for (const file of await filesBelow(root, without)) {
        archive.entry(
          {name: path.posix.join(name, file), mode: 0o644, mtime: new Date(0)},
          await readFile(path.join(root, file)),
        )
      }
    }
    archive.finalize()
    return packed
  },
  async create(file) {
    const {createArchive} = await import('./new-archive.js')
    return createArchive(file)
  },
  async writeTar(file, entries, signal) {
    const {pack} = await import('tar-stream')
    const archive = pack()
    const written = pipeline(archive, createWriteStream(file), {signal})
    try {
      for (const entry of entries) await addEntry(archive, entry, signal)
      archive.finalize()
    } catch (error) {
      archive.destroy(error instanceof Error ? error : undefined)
      await written.catch(() => undefined)
      throw writingFailed(file, error)
    }
    await written.catch((error: unknown) => Promise.reject(writingFailed(file, error)))
  },
  async *readTar(file) {
    const {extract} = await import('tar-stream')
    const archive = extract()
    const read = pipeline(createReadStream(file), archive).catch((error: unknown) => {
      archive.destroy(error instanceof Error ? error : undefined)
    })
    for await (const entry of archive) {
      const {name, size, type} = entry.header
      if (type !== 'file') throw new Error(`${name} is not a plain file`)
      yield {name, sizeBytes: size, bytes: entry as AsyncIterable<Uint8Array>}
      entry.resume()
    }
    await read
  },
}

async function addEntry(archive: Pack, entry: TarSource, signal: AbortSignal): Promise<void> {
  const header = {name: entry.name, mode: 0o644, mtime: new Date(0)}
  if ('text' in entry) {
    archive.entry(header, entry.text)
    return
  }
  const {size} = await stat(entry.path)
  await pipeline(createReadStream(entry.path), archive.entry({...header, size}), {signal})
}

/** Relative paths of every file, sorted. */
async function filesBelow(root: string, without: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(root, {withFileTypes: true})
  const found = await Promise.all(
    entries
      .filter(({name}) => !without.includes(name))
      .map(async (entry) => {
        if (!entry.isDirectory()) return entry.isFile() ? [entry.name] : []
        const below = await filesBelow(path.join(root, entry.name), without)
        return below.map((file) => `${entry.name}/${file}`)
      }),
  )
  return found.flat().sort()
}
