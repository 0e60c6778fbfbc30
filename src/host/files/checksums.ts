/** What a file of this machine is, told by its bytes. */
export interface Checksums {
  /** `sha256:` and 64 hexadecimal digits; `undefined` when there is no such file. */
  of(file: string): Promise<string | undefined>
  /** The same of a file that others may exchange meanwhile. Throws `JHUB-E202` where no file is at this very path, without a link. */
  ofPlain(file: string): Promise<string | undefined>
}
