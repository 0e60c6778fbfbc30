import {PassThrough, type Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {extract, pack} from 'tar-stream'

export interface Counted {
  /** Told as bytes come and go. */
  readonly onBytes: (bytes: number) => void
}

/**
 * An archive of images without the layers that a node already has: `docker save` writes an OCI layout, in which every blob
 * stands under its digest, and containerd completes what is missing from its own store. What goes through is known afterwards.
 */
export function newLayersOnly(archive: Readable, known: Set<string>, {onBytes}: Counted): Readable {
  const read = extract()
  const written = pack()
  read.on('entry', (header, content, next) => {
    const digest = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(header.name)?.[1]
    onBytes(header.size)
    if (digest !== undefined && known.has(`sha256:${digest}`)) {
      content.on('end', next)
      content.resume()
      return
    }
    if (digest !== undefined) known.add(`sha256:${digest}`)
    const entry = written.entry(header, (error) => {
      next(error)
    })
    content.pipe(entry)
  })
  read.on('finish', () => {
    written.finalize()
  })
  const out = new PassThrough()
  const fail = (error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error)))
  pipeline(archive, read).catch(fail)
  pipeline(written, out).catch(fail)
  return out
}
