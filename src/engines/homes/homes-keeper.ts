/** The files in people's homes, reached with the rights of each person alone, whether their servers run or not. */
export interface HomesKeeper {
  /**
   * Opens one home for as long as `work` lasts. Throws `JHUB-E204` when the place of homes cannot be reached now; what `work`
   * asks throws `JHUB-E229` where the home cannot be used.
   */
  visit<T>(visited: VisitedHome, work: (home: Home) => Promise<T>): Promise<T>
}

export interface VisitedHome {
  readonly user: string
  /** Everybody on the hub: an older hub's short name of a home may be that of several. */
  readonly people: readonly string[]
  /** Where there is no home yet: make it, as the hub does at the first start of a server. */
  readonly make: boolean
  readonly signal: AbortSignal
}

/**
 * One person's home. Paths are relative to it, with `/` between their parts; a name that is not UTF-8 has lone surrogates. All
 * that comes from a home was made by its owner: no name and no size in it is to be believed.
 */
export interface Home {
  /** `undefined`: nobody made this home yet. */
  list(wanted: ListOptions): Promise<FilesFound | undefined>
  /** What stands in the parts of files, one answer each; `undefined` for a file that changed since it was listed. */
  read(parts: readonly FilePart[]): Promise<readonly (Uint8Array | undefined)[]>
  /** Under which names files would be written; `undefined`: nobody made this home yet. */
  plan(files: readonly NewFile[]): Promise<readonly PlannedFile[] | undefined>
  /** Writes parts of new files, each file's in order. Nothing that is there is ever replaced. */
  write(parts: readonly NewPart[]): Promise<readonly WrittenPart[]>
  /** Removes everything in the home, and leaves the home. */
  empty(): Promise<void>
}

export interface ListOptions {
  /** A shell's pattern below the home; `null`: everything, hidden names, directories and links too. */
  readonly pattern: string | null
  readonly mostFiles: number
}

export interface FilesFound {
  readonly files: readonly FoundFile[]
  /** Directories, links, and what is no file (pipes, sockets, devices); only when everything was asked for. */
  readonly others: readonly FoundOther[]
  /** Some of what was found and cannot be read, and why. */
  readonly skipped: readonly {readonly path: string; readonly why: string}[]
  /** How many were skipped. */
  readonly leftOut: number
  /** There is more than was asked for. */
  readonly hasMore: boolean
}

interface Found {
  readonly path: string
  readonly executable: boolean
  /** When it says it was changed; its owner can set this. Milliseconds since 1970. */
  readonly modified: number
  /** When the system last changed anything of it; nobody can set this. Milliseconds since 1970. */
  readonly changed: number
}

export interface FoundFile extends Found {
  /** Bytes. */
  readonly size: number
  /** Another one whenever the file is changed. */
  readonly version: string
  /** Why it cannot be read, where its owner closed it. */
  readonly problem?: string
}

export type FoundOther = Found &
  (
    | {readonly kind: 'directory'; readonly mode: number}
    | {readonly kind: 'link'; readonly target: string}
    | {readonly kind: 'special'}
  )

export interface FilePart {
  readonly path: string
  readonly version: string
  readonly offset: number
  readonly length: number
}

export interface NewFile {
  readonly path: string
  readonly size: number
  /** Hexadecimal. */
  readonly sha256: string
}

export type PlannedFile =
  | {
      /** The path, or one beside it where the person has another file of that name. */
      readonly as: string
      /** The person has it already. */
      readonly isThere: boolean
    }
  | {readonly problem: string}

export interface NewPart {
  readonly path: string
  /** Of the whole file. */
  readonly sha256: string
  readonly executable: boolean
  readonly offset: number
  readonly data: Uint8Array
  readonly isLast: boolean
}

/** `as`: the path under which the file stands, once its last part is written. */
export type WrittenPart = {readonly as: string} | {readonly problem: string}
