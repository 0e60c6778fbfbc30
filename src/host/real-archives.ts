import {readFile, readdir} from 'node:fs/promises'
import path from 'node:path'
import {buffer} from 'node:stream/consumers'
import {createGzip} from 'node:zlib'
import type {Archives} from './archives.js'

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
