/** Packs files to be unpacked elsewhere. */
export interface Archives {
  /** A gzipped tar of whole directories, under the names given; the same files always give the same bytes. */
  pack(directories: readonly PackedDirectory[]): Promise<Buffer>
  /**
   * A new tar of this computer, compressed with Zstandard, for its owner alone (0600). It is written as `partial`, beside
   * the file, until it is whole. Throws where the file is there already; `JHUB-E209` when the disk is full.
   */
  create(file: string, partial: string): Promise<NewArchive>
  /** Writes a tar of files of this computer, in this order. */
  writeTar(file: string, entries: readonly TarSource[], signal: AbortSignal): Promise<void>
  /** The files of a tar, in order; each is read to its end before the next. Throws when it ends too early. */
  readTar(file: string): AsyncIterable<TarFile>
}

/** An archive that is being written. */
export interface NewArchive {
  addFile(entry: ArchiveEntry & {readonly size: number}, content: AsyncIterable<Uint8Array>): Promise<void>
  addDirectory(entry: ArchiveEntry): Promise<void>
  addLink(entry: ArchiveEntry & {readonly target: string}): Promise<void>
  /** Ends it: everything is on the disk. `whole` is told before the file has its name. */
  close(whole: () => Promise<void>): Promise<void>
  /** Leaves it, and removes the file. */
  abandon(): Promise<void>
}

export interface ArchiveEntry {
  /** With `/` between its parts. */
  readonly name: string
  readonly mode: number
  readonly modifiedMs: number
}

/** What goes into a tar. */
export type TarSource = {readonly name: string} & ({readonly text: string} | {readonly path: string})

export interface TarFile {
  readonly name: string
  readonly sizeBytes: number
  readonly bytes: AsyncIterable<Uint8Array>
}

export interface PackedDirectory {
  /** The name in the archive. */
  readonly name: string
  readonly path: string
  /** Names of entries that stay out, wherever they stand. */
  readonly without?: readonly string[]
}
