/** What runs on this machine. */
export interface Processes {
  /**
   * When the process began, in the system's own unit: only good for comparing with an earlier answer, so that a pid that
   * was given to another program is never taken for ours. `undefined`: no such process.
   */
  startTime(pid: number): Promise<string | undefined>
  /** False when there is no such process any more. */
  signal(pid: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<boolean>
  /** Every process that these accounts started, this account where none is given: the words say what their owners like. */
  list(accounts?: readonly number[]): Promise<readonly ProcessFacts[]>
  portState(port: number, address: string): Promise<PortState>
  /** A TCP port of the loopback address that nobody used a moment ago. */
  freePort(wanted?: FreePortOptions): Promise<number>
  /** Whether a program of another account, root's not counted, listens at that address of this machine. */
  hasForeignListener(port: number, address: string): Promise<boolean>
}

export interface FreePortOptions {
  /** Only ports from 512 to below this one, any of them that is free. Default: the system chooses. */
  readonly below?: number
  readonly without?: readonly number[]
}

export interface ProcessFacts {
  readonly pid: number
  readonly argv: readonly string[]
  /** Its `HOME`, where this account may read it. */
  readonly home?: string
}

export type PortState =
  | {readonly state: 'free'}
  | {readonly state: 'not permitted'}
  | {readonly state: 'no such address'}
  /** By whom is only known where this account may look. */
  | {readonly state: 'used'; readonly pid?: number; readonly command?: string}
