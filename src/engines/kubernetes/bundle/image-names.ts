import {createHash} from 'node:crypto'

export function isByDigest(reference: string): boolean {
  return reference.includes('@')
}

/** What an image is called in a bundle, which keeps no digests: one that is named by its digest gets a tag of ours. */
export function nameInBundle(reference: string): string {
  if (!isByDigest(reference)) return reference
  const digest = createHash('sha256').update(reference).digest('hex').slice(0, 12)
  return `localhost/jhub/node:${digest}`
}
