/** One thing that was looked at before a change, and what was found. */
export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'warning' | 'problem'
  readonly found: string
  readonly needed?: string
  /** The command that mends it. */
  readonly fix?: string
}
