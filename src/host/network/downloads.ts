/** Programs from the internet. */
export interface Downloads {
  /**
   * Puts a program to its place, 0755 and in one piece, when its sha256 is the one that is known. Throws `JHUB-E205` when it
   * cannot be had or is not what it should be, `JHUB-E209` on a full disk.
   */
  fetch(wanted: Download, options: DownloadOptions): Promise<void>
}

export interface Download {
  readonly url: string
  /** Of what comes from the address, in hex. */
  readonly sha256: string
  /** The file that is wanted, inside a gzipped tar. */
  readonly member?: string
  readonly path: string
}

export interface DownloadOptions {
  readonly signal: AbortSignal
  /** How many bytes came, of how many where the server says it. */
  readonly onBytes: (done: number, total: number | undefined) => void
}
