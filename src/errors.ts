/** Exit codes of every command; `jhub help exit-codes` prints this table. */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  precondition: 3,
  notFound: 4,
  conflict: 5,
  timeout: 6,
  partial: 7,
  differs: 8,
  interrupted: 130,
} as const

export type ExitReason = keyof typeof exitCodes

interface CatalogueEntry {
  readonly exit: ExitReason
  readonly meaning: string
}

/** Every error a person can meet; `jhub help errors` prints it. */
export const errorCatalogue = {
  'JHUB-E001': {
    exit: 'bug',
    meaning:
      'A bug in jhub. Please report it with the command, everything it printed, `jhub --version` and what `jhub doctor` says.',
  },
  'JHUB-E100': {exit: 'usage', meaning: 'The command line does not say enough, or says something that cannot be.'},
  'JHUB-E101': {
    exit: 'usage',
    meaning: 'The spec file has problems; each is listed with its line. Nothing was changed.',
  },
  'JHUB-E102': {exit: 'usage', meaning: 'A quantity (memory, cores, duration) cannot be read.'},
  'JHUB-E103': {exit: 'usage', meaning: 'A user or group name cannot be used.'},
  'JHUB-E104': {
    exit: 'usage',
    meaning: 'A question has to be answered, and there is nobody to ask (no terminal, or --no-input).',
  },
  'JHUB-E105': {exit: 'usage', meaning: 'The hub refused the password as too weak.'},
  'JHUB-E200': {
    exit: 'precondition',
    meaning:
      'The machine does not have what the hub needs; each problem says what was found, what is needed and what mends it. Nothing was changed.',
  },
  'JHUB-E201': {exit: 'precondition', meaning: 'A program could not be started or ended with an error.'},
  'JHUB-E202': {
    exit: 'precondition',
    meaning: 'A directory of jhub cannot be used: not writable, or it belongs to another account.',
  },
  'JHUB-E203': {
    exit: 'precondition',
    meaning: 'A state file of jhub is damaged. jhub did not change it; the message says what to do.',
  },
  'JHUB-E204': {exit: 'precondition', meaning: 'The hub is not running, and this command needs it.'},
  'JHUB-E205': {
    exit: 'precondition',
    meaning: 'The package index could not be reached, or what came is not what was asked for (hash mismatch).',
  },
  'JHUB-E206': {
    exit: 'precondition',
    meaning:
      'The hub (or its proxy) stopped right after it was started. Its last lines are shown; the old configuration was put back.',
  },
  'JHUB-E207': {
    exit: 'precondition',
    meaning: 'The extra configuration of the hub has an error. The running hub was not touched.',
  },
  'JHUB-E208': {
    exit: 'precondition',
    meaning: "A user's server could not be started; the cause from the hub is shown.",
  },
  'JHUB-E209': {exit: 'precondition', meaning: 'There is no room left on the disk.'},
  'JHUB-E210': {exit: 'precondition', meaning: 'The hub answered in a way that this command cannot use.'},
  'JHUB-E211': {exit: 'precondition', meaning: "The cluster's API does not answer."},
  'JHUB-E212': {
    exit: 'precondition',
    meaning: 'The cluster does not let this account do what is needed; its own words are shown.',
  },
  'JHUB-E213': {exit: 'precondition', meaning: 'Docker could not do its part; its own words are shown.'},
  'JHUB-E214': {
    exit: 'precondition',
    meaning:
      'The chart refuses the values, or cannot be had; its own words are shown. The running hub was not touched.',
  },
  'JHUB-E215': {
    exit: 'precondition',
    meaning: 'The machine of the hub (a Docker engine, a machine behind ssh) cannot be reached.',
  },
  'JHUB-E216': {
    exit: 'precondition',
    meaning: 'The servers that run hold more than the new limit of the whole hub would let them. Nothing was changed.',
  },
  'JHUB-E217': {
    exit: 'precondition',
    meaning:
      "The hub's database could not be copied, or not be upgraded to the schema of another JupyterHub. It is as it was, and the earlier hub runs again.",
  },
  'JHUB-E218': {
    exit: 'precondition',
    meaning:
      'The downloaded chart is not the one that the settings file names, or that this hub was made with: its digest differs. jhub deleted it, and changed nothing.',
  },
  'JHUB-E219': {
    exit: 'precondition',
    meaning: "No authority gave a certificate for the hub's name; its own words are shown.",
  },
  'JHUB-E220': {
    exit: 'precondition',
    meaning: "A program of another account listens at the hub's address. Nothing was sent to it.",
  },
  'JHUB-E221': {
    exit: 'precondition',
    meaning: 'The packages of an image cannot be had together; the message says which. Nothing was changed.',
  },
  'JHUB-E222': {
    exit: 'precondition',
    meaning: 'An image has no lock file for its recipe yet, and `up --locked` does not make one. Nothing was changed.',
  },
  'JHUB-E229': {
    exit: 'precondition',
    meaning: "The files of a person's home cannot be reached, or hold more than the command takes at once.",
  },
  'JHUB-E230': {
    exit: 'precondition',
    meaning:
      'No server can run from a container image: it has no jupyterhub-singleuser that starts. Nobody was given it.',
  },
  'JHUB-E231': {
    exit: 'precondition',
    meaning: 'A bundle is damaged, or is not for this jhub. Nothing was changed.',
  },
  'JHUB-E232': {
    exit: 'precondition',
    meaning:
      'The files that everybody sees (materials, shared) could not be put in their place. People see those of before.',
  },
  'JHUB-E236': {
    exit: 'precondition',
    meaning: 'A registry of container images does not answer, refuses, or is not trusted; its own words are shown.',
  },
  'JHUB-E239': {
    exit: 'precondition',
    meaning: 'The repository of `content` cannot be cloned, or has no such branch. People keep what they have.',
  },
  'JHUB-E301': {exit: 'notFound', meaning: 'There is no spec file here; `jhub init` or `jhub up` makes one.'},
  'JHUB-E302': {exit: 'notFound', meaning: 'No user, group or server of that name.'},
  'JHUB-E303': {exit: 'notFound', meaning: 'There is no installation of The Littlest JupyterHub at that place.'},
  'JHUB-E304': {exit: 'notFound', meaning: 'No hub that jhub made stands at that place under that name.'},
  'JHUB-E305': {exit: 'notFound', meaning: 'Several hubs are here, and the command does not say which one it means.'},
  'JHUB-E401': {exit: 'conflict', meaning: 'Another jhub is working on this hub and did not finish in time.'},
  'JHUB-E402': {exit: 'conflict', meaning: 'Something of that name exists already. It was not overwritten.'},
  'JHUB-E403': {exit: 'conflict', meaning: 'jhub did not create this, so it will not overwrite or remove it.'},
  'JHUB-E404': {
    exit: 'conflict',
    meaning: 'The hub belongs to another settings file. Nothing was changed; `--take-over` moves it to this one.',
  },
  'JHUB-E405': {exit: 'conflict', meaning: 'It is in use, so it is not removed. Nothing was changed.'},
  'JHUB-E407': {
    exit: 'conflict',
    meaning: 'The settings file was changed while a text for it was being edited. Neither was overwritten.',
  },
  'JHUB-E501': {
    exit: 'timeout',
    meaning: 'Something did not become ready before its deadline; the last answer seen is shown.',
  },
  'JHUB-E601': {exit: 'partial', meaning: 'Some of many could not be done; the others were.'},
  'JHUB-E801': {exit: 'differs', meaning: 'The hub differs from the spec (`plan --exit-code`).'},
  'JHUB-E130': {exit: 'interrupted', meaning: 'You interrupted the command. Run it again to go on.'},
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof errorCatalogue

interface JhubErrorOptions {
  /** What to type next, one line each. */
  readonly fix?: string | readonly string[]
  readonly cause?: unknown
  /** Machine-readable particulars, printed by `--json`. */
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * The one error a person is meant to read: what failed in the message, why in the cause, what to type next in `fix`.
 * `code`, `suggestions`, `oclif.exit` and `exitCode` carry the names by which oclif prints errors and picks exit codes.
 */
export class JhubError extends Error {
  override readonly name: string = 'JhubError'
  readonly suggestions: readonly string[]
  readonly exitCode: number
  readonly oclif: {readonly exit: number}
  readonly details: Readonly<Record<string, unknown>> | undefined
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options: JhubErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : {cause: options.cause})
    this.code = code
    this.suggestions = options.fix === undefined ? [] : typeof options.fix === 'string' ? [options.fix] : options.fix
    this.details = options.details
    this.exitCode = exitCodes[errorCatalogue[code].exit]
    this.oclif = {exit: this.exitCode}
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The message of an error and, where there is one, that of its cause. */
export function describeCause(error: JhubError): string {
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`
}
