/** Locks between processes of one machine. */
export interface Locks {
  /**
   * Runs `action` while nobody else holds the lock. A holder that was killed loses it within seconds. Throws `JHUB-E401`
   * when another still holds it after `timeoutMs`, and when it was lost to another while `action` ran, which is then no
   * longer waited for.
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
  readonly pid: number | undefined
}
