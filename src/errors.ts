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
  'JHUB-E100': {exit: 'usage', meaning: 'The command line is incomplete or contradicts itself.'},
  'JHUB-E101': {
    exit: 'usage',
    meaning: 'The settings file has mistakes; each is listed with its line. Nothing was changed.',
  },
  'JHUB-E102': {
    exit: 'usage',
    meaning: 'An amount (memory, cores, time) cannot be read, or is too small or too large to work.',
  },
  'JHUB-E103': {exit: 'usage', meaning: 'A user or group name cannot be used.'},
  'JHUB-E104': {
    exit: 'usage',
    meaning: 'A question needs an answer, and there is nobody to ask (no terminal, or --no-input).',
  },
  'JHUB-E105': {exit: 'usage', meaning: 'The hub refused the password as too weak.'},
  'JHUB-E200': {
    exit: 'precondition',
    meaning:
      'The machine does not have what the hub needs. Each problem says what was found, what is needed and how to fix it. Nothing was changed.',
  },
  'JHUB-E201': {exit: 'precondition', meaning: 'A program could not be started or ended with an error.'},
  'JHUB-E202': {
    exit: 'precondition',
    meaning: 'jhub cannot use one of its directories: it is not writable, or belongs to another account.',
  },
  'JHUB-E203': {
    exit: 'precondition',
    meaning: 'A state file of jhub is damaged. jhub did not change it; the message says what to do.',
  },
  'JHUB-E204': {exit: 'precondition', meaning: 'The hub is not running, and this command needs it.'},
  'JHUB-E205': {
    exit: 'precondition',
    meaning: 'The package index could not be reached, or a package does not have the expected hash.',
  },
  'JHUB-E206': {
    exit: 'precondition',
    meaning:
      'The hub (or its proxy) stopped right after it started. The message shows its last lines. The previous configuration was restored.',
  },
  'JHUB-E207': {
    exit: 'precondition',
    meaning: 'The extra configuration of the hub has an error. The running hub was not touched.',
  },
  'JHUB-E208': {
    exit: 'precondition',
    meaning: "A user's server could not be started; the cause from the hub is shown.",
  },
  'JHUB-E209': {exit: 'precondition', meaning: 'There is no space left on the disk.'},
  'JHUB-E210': {
    exit: 'precondition',
    meaning:
      'The hub, or a program that jhub runs, gave an answer that this command cannot use. The message says which. `jhub doctor` checks the hub.',
  },
  'JHUB-E211': {exit: 'precondition', meaning: "The cluster's API does not answer."},
  'JHUB-E212': {
    exit: 'precondition',
    meaning: "The cluster does not allow this account to do what is needed. The message has the cluster's own words.",
  },
  'JHUB-E213': {exit: 'precondition', meaning: "Docker failed. The message has Docker's own words."},
  'JHUB-E214': {
    exit: 'precondition',
    meaning:
      'The chart refuses the values, or could not be downloaded. The message has its own words. The running hub was not touched.',
  },
  'JHUB-E215': {
    exit: 'precondition',
    meaning: "The hub's machine (a Docker engine, or a machine over ssh) cannot be reached.",
  },
  'JHUB-E216': {
    exit: 'precondition',
    meaning: 'Running servers use more than the new limit of the whole hub would allow. Nothing was changed.',
  },
  'JHUB-E217': {
    exit: 'precondition',
    meaning:
      "The hub's database could not be copied, or could not be upgraded to the schema of another JupyterHub. It is unchanged, and the previous hub runs again.",
  },
  'JHUB-E218': {
    exit: 'precondition',
    meaning:
      'The digest of the downloaded chart is not the one in the settings file, or not the one that this hub was installed with. jhub deleted the download and changed nothing.',
  },
  'JHUB-E219': {
    exit: 'precondition',
    meaning: "No authority issued a certificate for the hub's name. The message has the authority's own words.",
  },
  'JHUB-E220': {
    exit: 'precondition',
    meaning: "A program of another account listens at the hub's address. Nothing was sent to it.",
  },
  'JHUB-E221': {
    exit: 'precondition',
    meaning: 'The packages of an image conflict, or one cannot be built; the message says which. Nothing was changed.',
  },
  'JHUB-E222': {
    exit: 'precondition',
    meaning: 'An image has no lock file for its recipe yet, and `up --locked` does not make one. Nothing was changed.',
  },
  'JHUB-E229': {
    exit: 'precondition',
    meaning: "jhub cannot reach the files in a person's home, or there are more than the command takes at once.",
  },
  'JHUB-E230': {
    exit: 'precondition',
    meaning:
      'No server can run from a container image, because jupyterhub-singleuser does not start in it. Nobody was given the image.',
  },
  'JHUB-E231': {
    exit: 'precondition',
    meaning: 'A bundle is damaged, or is not for this jhub. Nothing was changed.',
  },
  'JHUB-E232': {
    exit: 'precondition',
    meaning:
      'The files that everybody sees (materials, shared) could not be copied. People still see the earlier ones.',
  },
  'JHUB-E236': {
    exit: 'precondition',
    meaning: 'A container registry does not answer, refuses, or is not trusted. The message has its own words.',
  },
  'JHUB-E239': {
    exit: 'precondition',
    meaning: 'The repository of `content` cannot be cloned, or has no such branch. People keep what they have.',
  },
  'JHUB-E240': {
    exit: 'precondition',
    meaning: 'Memory ran out while software was installed. What people have stays as it was.',
  },
  'JHUB-E301': {exit: 'notFound', meaning: 'There is no settings file here; `jhub init` or `jhub up` writes one.'},
  'JHUB-E302': {exit: 'notFound', meaning: 'No user, group or server of that name.'},
  'JHUB-E303': {exit: 'notFound', meaning: 'There is no installation of The Littlest JupyterHub at that place.'},
  'JHUB-E304': {exit: 'notFound', meaning: 'There is no hub of that name there that jhub created.'},
  'JHUB-E305': {exit: 'notFound', meaning: 'There are several hubs here, and the command does not say which one.'},
  'JHUB-E401': {exit: 'conflict', meaning: 'Another jhub is working on this hub and did not finish in time.'},
  'JHUB-E402': {exit: 'conflict', meaning: 'Something with that name already exists. It was not overwritten.'},
  'JHUB-E403': {exit: 'conflict', meaning: 'jhub did not create this, so it will not overwrite or remove it.'},
  'JHUB-E404': {
    exit: 'conflict',
    meaning: 'The hub belongs to another settings file. Nothing was changed; `--take-over` moves it to this one.',
  },
  'JHUB-E405': {exit: 'conflict', meaning: 'It is in use, so it was not removed. Nothing was changed.'},
  'JHUB-E407': {
    exit: 'conflict',
    meaning: 'The settings file changed while you were editing it. Neither version was overwritten.',
  },
  'JHUB-E501': {
    exit: 'timeout',
    meaning: 'Something was not ready in time. The message shows the last answer.',
  },
  'JHUB-E601': {exit: 'partial', meaning: 'Some of several items failed; the others succeeded.'},
  'JHUB-E801': {exit: 'differs', meaning: 'The hub differs from its settings file (`plan --exit-code`).'},
  'JHUB-E130': {exit: 'interrupted', meaning: 'You interrupted the command. Run it again to continue.'},
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

/** What a program wrote before it failed (`JHUB-E201`): as much as was kept of it. */
export function outputOf({details, cause}: JhubError): string {
  const output = details?.['output']
  return typeof output === 'string' ? output : messageOf(cause)
}

/** The exit code of a program that ended with an error (`JHUB-E201`); `undefined` where it could not be run. */
export function exitCodeOf({details}: JhubError): number | undefined {
  const code = details?.['exitCode']
  return typeof code === 'number' ? code : undefined
}

/** The message of an error and, where there is one, that of its cause. */
export function describeCause(error: JhubError): string {
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`
}
