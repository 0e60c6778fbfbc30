import {JhubError} from '../../errors.js'
import {answerOf, type AskProgram} from '../python-program.js'

/** A file of a tree that everybody reads. */
export interface KeptFile {
  /** Below the tree, with `/` between its parts. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Hexadecimal. */
  readonly sha256: string
  readonly executable: boolean
}

export interface KeptPart extends KeptFile {
  readonly offset: number
  readonly data: Uint8Array
  readonly isLast: boolean
}

/** A tree of files that everybody reads and jhub alone writes: `assets/files/jhub_tree.py`, where the tree is. */
export interface TreeKeeper {
  /** `same`: exactly these files are there. `none`: no tree is there. */
  compare(files: readonly KeptFile[]): Promise<'none' | 'other' | 'same'>
  /** How many bytes of each file's content are there already; `null`: all. */
  missing(files: readonly KeptFile[]): Promise<MissingContents>
  /** Adds to the contents, each file's parts in order. Nobody sees them yet. */
  write(parts: readonly KeptPart[]): Promise<void>
  /** Shows these files in place of those before, in one step. Their contents are all there. */
  publish(files: readonly KeptFile[]): Promise<void>
}

export interface MissingContents {
  readonly here: readonly (number | null)[]
  /** Room on the disk there. */
  readonly freeBytes: number
}

/** Throws `JHUB-E232` for what the program refuses. */
export function treeKeeper(ask: AskProgram): TreeKeeper {
  const answer = (verb: string, request: Readonly<Record<string, unknown>>) =>
    askValue(ask, 'The materials cannot be copied', {...request, do: verb})
  return {
    async compare(files) {
      const seen = (await answer('compare', {files: files.map(plain)})) as {isThere: boolean; isSame: boolean}
      return seen.isSame ? 'same' : seen.isThere ? 'other' : 'none'
    },
    missing: async (files) => (await answer('missing', {files: files.map(plain)})) as MissingContents,
    async write(parts) {
      await answer('write', {
        parts: parts.map((part) => ({
          ...plain(part),
          offset: part.offset,
          data: Buffer.from(part.data).toString('base64'),
          isLast: part.isLast,
        })),
      })
    },
    async publish(files) {
      await answer('publish', {files: files.map(plain)})
    },
  }
}

/** Without what only this computer knows of it. */
function plain({path, size, sha256, executable}: KeptFile): KeptFile {
  return {path, size, sha256, executable}
}

/** The value of an answer. Throws `JHUB-E232`, with `what` before the program's own words, for a refusal. */
export async function askValue(
  ask: AskProgram,
  what: string,
  request: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const {value, refused} = await answerOf(ask, request)
  if (refused === undefined) return value
  throw new JhubError('JHUB-E232', `${what}: ${refused}`, {
    fix: 'Run the same command again: it continues where it stopped',
  })
}
