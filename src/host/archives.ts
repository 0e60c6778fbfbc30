/** Packs files to be unpacked elsewhere. */
export interface Archives {
  /** A gzipped tar of whole directories, under the names given; the same files always give the same bytes. */
  pack(directories: readonly PackedDirectory[]): Promise<Buffer>
}

export interface PackedDirectory {
  /** The name in the archive. */
  readonly name: string
  readonly path: string
  /** Names of entries that stay out, wherever they stand. */
  readonly without?: readonly string[]
}
