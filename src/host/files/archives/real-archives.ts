import {createReadStream, createWriteStream} from 'node:fs'
import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {buffer} from 'node:stream/consumers'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'
import type {Archives} from './archives.js'
import {packTar} from './pack-tar.js'
import {writingFailed} from '../writing-failed.js'

export const realArchives: Archives = {
  async pack(directories) {
    const entries = await Promise.all(
      directories.map(async ({name, path: root, without = []}) =>
        (await filesBelow(root, without)).map((file) => ({
          name: path.posix.join(name, file),
          path: path.join(root, file),
        })),
      ),
    )
    return pipeline(await packTar(entries.flat()), createGzip(), buffer)
  },
  async create(file, partial) {
    const {createArchive} = await import('./new-archive.js')
    return createArchive(file, partial)
  },
  async writeTar(file, entries, signal) {
    const tar = await packTar(entries)
    await pipeline(tar, createWriteStream(file), {signal}).catch((error: unknown) =>
      Promise.reject(writingFailed(file, error)),
    )
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
