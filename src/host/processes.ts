/** What runs on this machine. */
export interface Processes {
  /**
   * When the process began, in the system's own unit: only good for comparing with an earlier answer, so that a pid that
   * was given to another program is never taken for ours. `undefined`: no such process.
   */
  startTime(pid: number): Promise<string | undefined>
  /** False when there is no such process any more. */
  signal(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 'SIGHUP'): Promise<boolean>
  /** The process that listens on a TCP port, as far as this account may see it. `undefined`: nobody listens. */
  listener(port: number, address: string): Promise<Listener | undefined>
  /** A TCP port that nobody used a moment ago. */
  freePort(): Promise<number>
  /** Pids whose environment or command line carry `text`, among this account's processes. */
  find(text: string): Promise<readonly ProcessFacts[]>
}

export interface Listener {
  readonly pid?: number
  readonly command?: string
}

export interface ProcessFacts {
  readonly pid: number
  readonly command: string
}
