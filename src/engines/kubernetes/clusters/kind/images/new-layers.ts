/**
 * A program of its own, between `docker save` and a node's containerd: an archive of images without the layers that the node
 * has. `docker save` writes an OCI layout, in which every blob stands under its digest, and containerd completes what is
 * missing from its own store. Its words are the digests of what the node has; on standard error it says how many bytes have
 * come since the line before. In jhub itself each part of an archive would be one more reason to look through all of its memory.
 */
import {pipeline} from 'node:stream/promises'
import {extract, pack, type Extract} from 'tar-stream'

const known = new Set(process.argv.slice(2))
const sayEveryMs = 200
/** As a shell says that nobody read on. */
const brokenPipe = 141

let come = 0
const say = () => {
  if (come > 0) process.stderr.write(`${String(come)}\n`)
  come = 0
}

const isKnown = (name: string) => {
  const digest = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name)?.[1]
  return digest !== undefined && known.has(`sha256:${digest}`)
}

const written = pack()
const copy = async (archive: Extract) => {
  for await (const entry of archive) {
    if (isKnown(entry.header.name)) entry.resume()
    else await pipeline(entry, written.entry(entry.header))
  }
  written.finalize()
}

// Nobody hears what is said here any more: jhub was killed.
process.stderr.on('error', () => process.exit(brokenPipe))
process.stdin.on('data', (part: Uint8Array) => (come += part.length))
const timer = setInterval(say, sayEveryMs)
Promise.all([pipeline(written, process.stdout), copy(process.stdin.pipe(extract()))])
  .then(say, (error: unknown) => {
    if (['EPIPE', 'ECONNRESET'].includes(String((error as NodeJS.ErrnoException).code))) process.exit(brokenPipe)
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
  .finally(() => clearInterval(timer))
