/** What applying a change does to people who are working, from nothing to everything. */
export const disturbances = [
  'live',
  'hub restarts (servers keep running)',
  'servers restart',
  'all servers end (files stay)',
  'machine or cluster is recreated',
  "people's files are deleted",
] as const
export type Disturbance = (typeof disturbances)[number]

/** One difference between the world and the spec, in one line a person can read. */
export interface Change {
  readonly summary: string
  readonly disturbs: Disturbance
}

export interface Progress {
  readonly done: number
  readonly total?: number
  readonly unit: 'bytes' | 'items'
  readonly note?: string
}

export interface StepContext {
  readonly signal: AbortSignal
  /** Says how far a long apply is. */
  report(progress: Progress | string): void
  /** Says what the person should still read when all is done. */
  note(text: string): void
}

/** One idempotent change of the world. */
export interface Step {
  /** A verb first: "Install the hub environment". */
  readonly title: string
  /** Gives `undefined` when it is already so. Never writes; never throws because an earlier step has not run yet. */
  check(): Promise<Change | undefined>
  /** Safe to repeat from any half-done state. */
  apply(context: StepContext): Promise<void>
  /** Removes only what this run created; tolerates partial work. */
  undo?(): Promise<void>
}

/** Steps that do not need each other and may run side by side. */
export interface StepGroup {
  readonly together: readonly Step[]
}

export type StepList = readonly (Step | StepGroup)[]

/** Marks steps as independent of each other. */
export function together(steps: readonly Step[]): StepGroup {
  return {together: steps}
}

/** Every step of a list, in order, groups opened. */
export function flattenSteps(list: StepList): readonly Step[] {
  return list.flatMap((item) => ('together' in item ? item.together : [item]))
}
