import {createHash} from 'node:crypto'

/** What an image says of itself in every store. */
export interface ImageFacts {
  /** As programs write a moment. */
  readonly created: string | undefined
  /** Digests of its layers, unpacked. */
  readonly layers: readonly string[]
}

/** One digest of when an image was made and of its layers. */
export function imageDigest({created = '', layers}: ImageFacts): string {
  const moment = Date.parse(created)
  const made = Number.isNaN(moment) ? '' : new Date(moment).toISOString()
  return `sha256:${createHash('sha256')
    .update(JSON.stringify([made, layers]))
    .digest('hex')}`
}
