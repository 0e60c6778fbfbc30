import path from 'node:path'
import type {Checksums} from './checksums.js'
import type {Files} from './files.js'

/** A file below a directory of this computer. */
export interface TreeFile {
  /** Below the directory, with `/` between its parts. */
  readonly path: string
  /** Where it is on this computer. */
  readonly local: string
  /** Bytes. */
  readonly size: number
  /** Hexadecimal. */
  readonly sha256: string
  readonly executable: boolean
}

export interface Tree {
  readonly files: readonly TreeFile[]
  /** Hidden names, links and what is no file: paths on this computer. */
  readonly leftOut: readonly string[]
}

export interface ReadTree {
  readonly files: Pick<Files, 'stat' | 'list'>
  readonly checksums: Pick<Checksums, 'ofPlain'>
  readonly signal?: AbortSignal
}

/**
 * A file, under the name `prefix`, or all that is below a directory, under names that begin with it. No link is followed: it may
 * point anywhere. `local` is a real path. Throws `JHUB-E202` where a link takes the place of a file meanwhile.
 */
export async function readTree(from: ReadTree, local: string, prefix = ''): Promise<Tree> {
  const {files, checksums, signal} = from
  signal?.throwIfAborted()
  const facts = await files.stat(local)
  if (facts?.kind === 'directory') {
    const trees: Tree[] = []
    for (const name of (await files.list(local)) ?? []) {
      const place = path.join(local, name)
      const isHidden = name.startsWith('.')
      trees.push(isHidden ? {files: [], leftOut: [place]} : await readTree(from, place, path.posix.join(prefix, name)))
    }
    return {files: trees.flatMap((tree) => tree.files), leftOut: trees.flatMap((tree) => tree.leftOut)}
  }
  const digest = facts?.kind === 'file' ? await checksums.ofPlain(local) : undefined
  if (facts === undefined || digest === undefined) return {files: [], leftOut: [local]}
  const sha256 = digest.replace('sha256:', '')
  const file = {path: prefix, local, size: facts.sizeBytes, sha256, executable: (facts.mode & 0o100) !== 0}
  return {files: [file], leftOut: []}
}
