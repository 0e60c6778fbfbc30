import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {pipeline} from 'node:stream/promises'
import type {Checksums} from './checksums.js'

export const realChecksums: Checksums = {
  async of(file) {
    const hash = createHash('sha256')
    try {
      await pipeline(createReadStream(file), hash)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
    return `sha256:${hash.digest('hex')}`
  },
}
