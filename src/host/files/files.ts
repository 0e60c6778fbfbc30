/** The file system of a machine. Paths are absolute. */
export interface Files {
  /** Text of a file; `undefined` when there is none. */
  read(path: string): Promise<string | undefined>
  /** Replaces the file in one piece: a reader sees the old text or the new, also after a crash. Makes missing parents. */
  write(path: string, text: string, options?: {readonly mode?: number}): Promise<void>
  append(path: string, text: string): Promise<void>
  /** At most `length` bytes from `offset` on; fewer where the file ends. Follows a link. */
  readBytes(path: string, offset: number, length: number): Promise<Uint8Array>
  /** Adds to the end of a file, which is made where it is missing; missing parents too. */
  appendBytes(path: string, bytes: Uint8Array): Promise<void>
  /** Makes missing parents too. What is made has exactly the mode asked for; without one, what the account's umask leaves. */
  makeDirectory(path: string, options?: {readonly mode?: number}): Promise<void>
  /** Removes a file or a whole tree; nothing to remove is fine. Links are removed, never followed. */
  remove(path: string): Promise<void>
  /** Names in a directory, sorted; `undefined` when there is none. */
  list(path: string): Promise<readonly string[] | undefined>
  stat(path: string): Promise<FileFacts | undefined>
  rename(from: string, to: string): Promise<void>
  setMode(path: string, mode: number): Promise<void>
  /** What stands after `offset` (a negative one counts from the end), and the offset to go on from. */
  readFrom(path: string, offset: number): Promise<{readonly text: string; readonly end: number} | undefined>
  /** Bytes an ordinary account may still write below the nearest existing parent of `path`. */
  freeBytes(path: string): Promise<number>
}

/** The file system of the machine that runs jhub. */
export interface LocalFiles extends Files {
  /** The path with every link in it resolved, as far as it exists. */
  realPath(path: string): Promise<string>
  /** `readBytes` of a file that others may exchange meanwhile. Throws `JHUB-E202` where no file is at this very path, without a link. */
  readPlainBytes(path: string, offset: number, length: number): Promise<Uint8Array>
  /** Sets when a file was last modified, in milliseconds since 1970. */
  setModified(path: string, modifiedMs: number): Promise<void>
}

export interface FileFacts {
  /** `link`: to whatever; `other`: a pipe, a socket or a device. */
  readonly kind: 'file' | 'directory' | 'link' | 'other'
  readonly sizeBytes: number
  /** Permission bits, for example `0o700`. */
  readonly mode: number
  readonly uid: number
  /** Whole milliseconds since 1970. */
  readonly modifiedMs: number
}
