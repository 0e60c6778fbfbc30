import {createReadStream} from 'node:fs'
import {stat} from 'node:fs/promises'
import {PassThrough, type Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import type {Pack} from 'tar-stream'
import type {TarSource} from './archives.js'

export type TarEntry = {readonly mode?: number} & (
  | TarSource
  | {readonly name: string; readonly type: 'directory'}
  | {readonly name: string; readonly type: 'symlink'; readonly linkname: string}
)

/** A tar of these entries, in this order, made while it is read. The same entries always give the same bytes. */
export async function packTar(entries: Iterable<TarEntry>): Promise<Readable> {
  const {pack} = await import('tar-stream')
  const archive = pack()
  const out = new PassThrough()
  const fail = (error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error)))
  pipeline(archive, out).catch(fail)
  fill(archive, entries).catch(fail)
  return out
}

async function fill(archive: Pack, entries: Iterable<TarEntry>): Promise<void> {
  for (const entry of entries) {
    const header = {name: entry.name, mode: entry.mode ?? 0o644, mtime: new Date(0)}
    if ('text' in entry) archive.entry(header, entry.text)
    else if ('path' in entry) {
      const {size} = await stat(entry.path)
      await pipeline(createReadStream(entry.path), archive.entry({...header, size}))
    } else archive.entry({...entry, ...header})
  }
  archive.finalize()
}
