import {definedOnly} from '../../../defined-only.js'

/** Of what a lock says that an image was built: a directory with a Dockerfile, in one state of it. */
export interface DirectoryBase {
  /** The sha256 of what was sent to Docker, in hexadecimal digits. */
  readonly digest: string
  /** When every line of the Dockerfile was to be run anew, ISO 8601; absent where what was run before counts. */
  readonly renewedAt?: string
}

/** `directory:3fab…`, or `directory:3fab…@2026-11-26T13:05:00.000Z`: the `base` of a lock. */
export function renderDirectoryBase({digest, renewedAt}: DirectoryBase): string {
  return `directory:${digest}${renewedAt === undefined ? '' : `@${renewedAt}`}`
}

/** `undefined` for a base that is a container image, or none. */
export function parseDirectoryBase(base: string | undefined): DirectoryBase | undefined {
  const [, digest, renewedAt] = /^directory:([0-9a-f]{64})(?:@(\S+))?$/.exec(base ?? '') ?? []
  if (digest === undefined) return undefined
  return {digest, ...definedOnly({renewedAt})}
}
