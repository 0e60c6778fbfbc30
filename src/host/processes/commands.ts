import type {Conversation, ConversationListener} from './conversations.js'

/** Runs programs of this machine. Argv only, never a shell string. */
export interface Commands {
  /**
   * Runs to the end. Throws `JHUB-E201` when it ends badly, with the last lines as cause and more of them as
   * `details.output`; `JHUB-E501` after `timeoutMs`.
   */
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>
  /** Starts a process that outlives this one, in a session of its own; both outputs are appended to `logFile`. Gives its pid. */
  startDetached(argv: readonly string[], options: DetachedOptions): Promise<number>
  /** Talks with a program of this machine. */
  converse(argv: readonly string[], listener: ConversationListener): Conversation
  /**
   * Runs programs side by side, each fed with what the one before it says. Throws `JHUB-E201`, in the words of the one that
   * ended badly for a reason of its own; `JHUB-E501` when none of them has said anything for too long.
   */
  pipe(programs: readonly (readonly string[])[], options?: PipeOptions): Promise<void>
}

export interface PipeOptions {
  /** Each line that one of them writes as its complaints, and that the last of them says. */
  readonly onLine?: (line: string) => void
  readonly signal?: AbortSignal
  /** How long no line may come before all are ended with `JHUB-E501`. Default: 10 minutes. */
  readonly stallMs?: number
}

export interface CommandOptions {
  readonly cwd?: string
  /** Added to this process's environment. Never a secret. */
  readonly env?: Readonly<Record<string, string>>
  /** Written to standard input; the way for secrets. */
  readonly stdin?: string
  readonly signal?: AbortSignal
  /** Default: 10 minutes. */
  readonly timeoutMs?: number
  /** Exit codes that are answers and not failures. Default: `[0]`. */
  readonly okExitCodes?: readonly number[]
  /** Each line as it comes, both outputs. */
  readonly onLine?: (line: string) => void
  /** A file to which everything the program says is appended; its directory is made if need be. */
  readonly logFile?: string
}

export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

export interface DetachedOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly logFile: string
}
