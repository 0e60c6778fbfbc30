/** Locks between processes of one machine. */
export interface Locks {
  /**
   * Runs `action` while nobody else holds the lock. The system gives it back when the holder's process ends, however it
   * ends. Throws `JHUB-E401` when another still holds it after `timeoutMs`.
   */
  hold<T>(path: string, options: LockOptions, action: () => Promise<T>): Promise<T>
}

export interface LockOptions {
  /** What we are doing, for those who wait: `jhub up`. */
  readonly purpose: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Told once, when somebody else holds the lock. */
  readonly onWait: (holder: LockHolder) => void
}

export interface LockHolder {
  readonly purpose: string
  /** Absent for a moment after the lock was taken. */
  readonly pid?: number
  /** Since when, as milliseconds since 1970. */
  readonly sinceMs?: number
}

/** `` `jhub up` (process 4711, since 2026-11-26 14:03:22) ``, in local time. */
export function describeHolder({purpose, pid, sinceMs}: LockHolder): string {
  if (pid === undefined) return purpose
  const since = sinceMs === undefined ? '' : `, since ${new Date(sinceMs).toLocaleString('sv-SE')}`
  return `\`${purpose}\` (process ${String(pid)}${since})`
}
