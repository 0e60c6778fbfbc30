/** Packs files to be unpacked elsewhere. */
export interface Archives {
  /** A gzipped tar of whole directories, under the names given; the same files always give the same bytes. */
  pack(directories: readonly PackedDirectory[]): Promise<Buffer>
  /**
   * A new tar of this computer, compressed with Zstandard, for its owner alone (0600). Throws where the file is there already;
   * `JHUB-E209` when the disk is full.
   */
  create(file: string): Promise<NewArchive>
}

/** An archive that is being written. */
export interface NewArchive {
  addFile(entry: ArchiveEntry & {readonly size: number}, content: AsyncIterable<Uint8Array>): Promise<void>
  addDirectory(entry: ArchiveEntry): Promise<void>
  addLink(entry: ArchiveEntry & {readonly target: string}): Promise<void>
  /** Ends it: everything is on the disk. */
  close(): Promise<void>
  /** Leaves it, and removes the file. */
  abandon(): Promise<void>
}

export interface ArchiveEntry {
  /** With `/` between its parts. */
  readonly name: string
  readonly mode: number
  readonly modifiedMs: number
}

export interface PackedDirectory {
  /** The name in the archive. */
  readonly name: string
  readonly path: string
  /** Names of entries that stay out, wherever they stand. */
  readonly without?: readonly string[]
}
