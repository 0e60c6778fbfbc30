import type {Take} from '../take-keys.js'

/** What each part of the import is given: values to take, and a place for what a person must know. */
export interface Importing {
  readonly take: Take
  /** Looks without taking. */
  readonly look: Take
  /** A sentence about a key; its path and line are put before it, or the line of one item of its list (`at`). */
  readonly note: (path: readonly string[], sentence: string, at?: readonly string[]) => void
}
