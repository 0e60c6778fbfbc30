import {createHash} from 'node:crypto'
import {definedOnly} from '../defined-only.js'
import type {ProgramSeen} from './engine.js'

/** Files of jhub's own, for a hub. */
export interface FileSet {
  /** File name and text. */
  readonly texts: ReadonlyMap<string, string>
  /** Twelve hex digits; changes with any of the names and texts. */
  readonly digest: string
}

export function fileSet(texts: ReadonlyMap<string, string>): FileSet {
  return {texts, digest: digestOfFiles(texts)}
}

/** Twelve hex digits that change with the name or text of any of the files. */
export function digestOfFiles(files: ReadonlyMap<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex')
    .slice(0, 12)
}

/** The files of jhub's own that a hub was given, beside those of this jhub, by their digests. */
export function ownFiles(there: string | undefined, shipped: string): ProgramSeen {
  return {name: "jhub's own files", ...definedOnly({there}), shipped}
}
