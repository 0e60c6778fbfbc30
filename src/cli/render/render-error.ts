import {JhubError, messageOf} from '../../errors.js'
import {usageMessage} from './usage-message.js'

interface Failed {
  readonly interrupted: boolean
  readonly command: string
  /** What to type after Ctrl-C, where the same command does not go on. */
  readonly afterInterrupt?: string | undefined
}

/** Anything thrown as the error a person reads: a wrong command line is `JHUB-E100`, what nobody foresaw `JHUB-E001`. */
export function toJhubError(error: unknown, {interrupted, command, afterInterrupt}: Failed): JhubError {
  const words = command.replaceAll(':', ' ')
  if (error instanceof JhubError) {
    if (error.code === 'JHUB-E130' && afterInterrupt !== undefined)
      return new JhubError(error.code, error.message, {fix: afterInterrupt})
    return error.message.startsWith(refusedValue)
      ? new JhubError(error.code, usageMessage(error, `jhub ${words}`), {fix: error.suggestions})
      : error
  }
  if (isStoppedPrompt(error))
    return new JhubError('JHUB-E130', 'Interrupted at the question: nothing was changed', {fix: sameAgain})
  if (interrupted) return new JhubError('JHUB-E130', 'Interrupted', {fix: afterInterrupt ?? sameAgain})
  if (isUsageError(error)) {
    const typed = `jhub ${words}`.trim()
    return new JhubError('JHUB-E100', usageMessage(error, typed), {fix: `${typed} --help`})
  }
  return new JhubError('JHUB-E001', `Unexpected: ${messageOf(error)}`, {cause: error, fix: reportIt})
}

const sameAgain = 'Run the same command again'

/** oclif puts this before the message of an error of ours, when a flag's value is refused. */
const refusedValue = 'Parsing --'

/** What a report of a bug needs. */
const reportIt = [
  'jhub doctor',
  'This is a bug in jhub. Report it with the command, everything it printed, and what jhub --version and jhub doctor say.',
]

/** What failed, why, what to type next, and the code. */
export function renderError(error: JhubError): string {
  const why = causesOf(error)
  const lines = [
    `Error: ${error.message}`,
    ...(why === '' ? [] : [indent(why)]),
    ...error.suggestions.map((fix) => `Try:   ${fix}`),
    `Code:  ${error.code}   (jhub help errors)`,
  ]
  if (error.code === 'JHUB-E001' && error.cause instanceof Error) lines.push(error.cause.stack ?? '')
  return lines.join('\n')
}

function causesOf(error: JhubError): string {
  const messages: string[] = []
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) messages.push(cause.message.trim())
  return messages
    .filter((message) => message !== '' && !error.message.includes(message) && !toldInWords.test(message))
    .join('\n')
}

/** A program may name a path of any length, on each of its lines. */
const longestLine = 400

/** What the system says of a file that is not there, or is a directory: the error above it says the same. */
const toldInWords = /^E(?:NOENT|ISDIR|NOTDIR): /

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  | ${line.length > longestLine ? `${line.slice(0, longestLine)}…` : line}`)
    .join('\n')
}

/** Ctrl-C at a question: inquirer reads it as a key, so that it never becomes a signal. No command asks after its first change. */
function isStoppedPrompt(error: unknown): boolean {
  return error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name)
}

/** oclif marks what its parser refuses with an exit code of its own. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'oclif' in error && !('code' in error && error.code === 'EEXIT')
}
