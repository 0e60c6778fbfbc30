import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {pipeline} from 'node:stream/promises'
import type {Checksums} from './checksums.js'
import {openPlain} from './open-plain.js'

export const realChecksums: Checksums = {
  of: (file) => digestOf(async () => createReadStream(file)),
  ofPlain: (file) => digestOf(async () => (await openPlain(file)).createReadStream()),
}

async function digestOf(open: () => Promise<NodeJS.ReadableStream>): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(await open(), hash)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  return `sha256:${hash.digest('hex')}`
}
