/** One thing that a document says and cannot mean, and where. */
export interface DocumentProblem {
  readonly path: readonly (string | number)[]
  readonly problem: string
  readonly suggestion?: string
  /** The key that has to be there, below `path`. */
  readonly missing?: string
}
