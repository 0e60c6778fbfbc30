import {JhubError} from '../../../errors.js'
import {fitText, widthOf} from '../../render/text/fit-text.js'
import {printable} from '../../render/text/printable.js'

export interface Asker {
  readonly isInteractive: boolean
  /** Completes the commands that a question names, so that they find the hub it is about. */
  readonly complete?: (question: string) => string
}

export interface AskFlags {
  readonly 'no-input'?: boolean | undefined
  readonly json?: boolean | undefined
}

/** Whether there is somebody to ask. */
export function isSomebodyThere(flags: AskFlags): boolean {
  return process.stdin.isTTY && process.stderr.isTTY && flags['no-input'] !== true && flags.json !== true
}

/** Throws `JHUB-E104` where nobody sits at a terminal. */
export function requireTerminal({isInteractive}: Asker, why: string, fix: string): void {
  if (!isInteractive) throw new JhubError('JHUB-E104', why, {fix})
}

/** What a prompt puts before a question and behind it. */
const before = '? '
const behind = ' (Y/n) '

/** A question in lines that a prompt does not break within a word. */
export function questionText(message: string, shownBehind = behind): string {
  const width = widthOf(process.stderr)
  return fitText(printable(message), width === undefined ? undefined : width - before.length - shownBehind.length - 1)
}

/** What a person must know before the question, in lines of its own. */
function factsText(facts: readonly string[]): string {
  return fitText(printable(facts.join('\n')), widthOf(process.stderr))
}

export interface YesOrNo {
  /** `--yes` answers. */
  readonly yes: boolean
  /** Whether Enter alone is a no: work of somebody else is lost by a yes. */
  readonly isLoss?: boolean
  readonly signal: AbortSignal
}

/** A yes or no from the person; no where nobody can be asked. */
export function agreeOr(
  {isInteractive, complete = same}: Asker,
  {yes, isLoss = false, signal}: YesOrNo,
): (question: string) => Promise<boolean> {
  return async (message) => {
    if (yes || !isInteractive) return yes
    const {confirm} = await import('@inquirer/prompts')
    const facts = complete(message).split('\n')
    const question = facts.pop() ?? ''
    if (facts.length > 0) process.stderr.write(`${factsText(facts)}\n`)
    return confirm({message: questionText(question), default: !isLoss}, {signal, output: process.stderr})
  }
}

/** Goes on only after a yes. Throws `JHUB-E104` when nobody can answer, `JHUB-E130` when the answer was no. */
export async function requireYes(
  who: Asker,
  {message, ...answer}: YesOrNo & {readonly message: string},
): Promise<void> {
  if (!answer.yes && !who.isInteractive)
    throw new JhubError('JHUB-E104', message.replace(/\s*Continue\?$/, ''), {fix: 'Run the same command with --yes'})
  if (!(await agreeOr(who, answer)(message))) throw new JhubError('JHUB-E130', 'Nothing was changed')
}

/**
 * Has the person type a name before data is deleted; `given` is what came with `--confirm`. A plain yes is not enough.
 * Throws `JHUB-E104` when nobody can answer, `JHUB-E130` when another name was typed.
 */
export async function requireTypedName(
  {isInteractive, complete = same}: Asker,
  question: {
    readonly name: string
    readonly given: string | undefined
    readonly loss: string
    readonly signal: AbortSignal
  },
): Promise<void> {
  const {name, given, loss, signal} = question
  const typed = given ?? (isInteractive ? await askName(name, complete(loss), signal) : undefined)
  if (typed === undefined) throw new JhubError('JHUB-E104', loss, {fix: `Run the same command with --confirm ${name}`})
  if (typed === name) return
  const message = `"${typed}" is not ${name}: nothing was changed`
  throw given === undefined
    ? new JhubError('JHUB-E130', message)
    : new JhubError('JHUB-E102', message, {fix: `Run the same command with --confirm ${name}`})
}

async function askName(name: string, loss: string, signal: AbortSignal): Promise<string> {
  const {input} = await import('@inquirer/prompts')
  return input({message: questionText(`${loss} Type ${name} to go on:`)}, {signal, output: process.stderr})
}

function same(question: string): string {
  return question
}
