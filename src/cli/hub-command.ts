import {Command, ux} from '@oclif/core'
import {definedOnly} from '../defined-only.js'
import {JhubError} from '../errors.js'
import type {HubContext} from '../hub/session/hub-context.js'
import {parseDuration} from '../hub-spec/limits/quantity.js'
import {commonFlags} from './flags/flags.js'
import {isSomebodyThere, type Asker, type AskFlags} from './input/ask/ask.js'
import {fitText, widthOf} from './render/text/fit-text.js'
import {printable, printableJson} from './render/text/printable.js'
import {renderError, toJhubError} from './render/render-error.js'
import {forSameHub, resultForSameHub, suggestionForSameHub, type HubFlags} from './same-hub.js'
import {showEvents, type EventDisplay} from './screen/show-events.js'
import {wireContext} from './wire.js'

interface CommonFlags extends HubFlags {
  readonly 'lock-timeout': string
}

/** One Ctrl-C can arrive twice: npm and timeout(1) pass it on to a program whose whole group already has it. */
const sameStopMs = 500

/** What all commands share: flags, `--json`, Ctrl-C as a signal, errors a person can read. Commands hold no state. */
export abstract class HubCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags = commonFlags

  /** What to type after Ctrl-C. Without it, the same command goes on from there. */
  protected readonly afterInterrupt: string | undefined

  readonly #interrupt = new AbortController()
  #stoppedAt = 0
  #hub: HubFlags = {}
  /** The first words of those that take `--name`. */
  #commands: ReadonlySet<string> | undefined
  #display: EventDisplay | undefined

  protected get signal(): AbortSignal {
    return this.#interrupt.signal
  }

  /** Asks the person who typed the command, about the hub that they chose. */
  protected asker(flags: HubFlags & AskFlags): Asker {
    return {
      isInteractive: isSomebodyThere(flags),
      complete: (question) => forSameHub(question, {...this.#sameHub(), flags}),
    }
  }

  /**
   * Everything a use case needs. `display`: a task list for long work, else only notes and warnings. Without `agree`, nothing
   * is asked and the answer is no.
   */
  protected context(
    flags: CommonFlags,
    display: 'tasks' | 'notes' = 'notes',
    agree: HubContext['agree'] = () => Promise.resolve(false),
  ): HubContext {
    this.#hub = flags
    this.#display = showEvents(display, {
      isTerminal: process.stderr.isTTY && process.stdout.isTTY,
      write: (text) => process.stderr.write(fitText(printable(this.#named(text)), widthOf(process.stderr))),
    })
    return wireContext({
      root: this.config.root,
      command: `jhub ${(this.id ?? '').replaceAll(':', ' ')}`,
      signal: this.signal,
      lockTimeoutMs: parseDuration(flags['lock-timeout']),
      onEvent: this.#display.onEvent,
      agree,
      ...definedOnly({file: flags.file, name: flags.name}),
    })
  }

  /** Prints the result, after the last line of progress. */
  protected async show(text: string): Promise<void> {
    await this.showFile(this.dressed(text))
  }

  /** A text as it is printed: without control characters, commands for the hub that was chosen, lines as wide as the terminal. */
  protected dressed(text: string): string {
    return fitText(printable(this.#named(text)), widthOf(process.stdout))
  }

  /** Prints what is a file's content or a machine's word, whose lines stay as they are. */
  protected async showFile(text: string): Promise<void> {
    await this.#display?.close()
    this.log(text)
  }

  /** Prints what jhub itself drew, with its colours. */
  protected async showDrawing(drawing: string): Promise<void> {
    await this.#display?.close()
    super.log('%s', drawing)
  }

  /** Whatever is printed may have come from other people. */
  override log(text = ''): void {
    super.log('%s', printable(text))
  }

  /** With `--json` too: only what is on standard output is the result. */
  override logToStderr(text = ''): void {
    ux.stderr('%s', fitText(printable(text), widthOf(process.stderr)))
  }

  protected override logJson(json: unknown): void {
    ux.stdout('%s', printableJson(ux.colorizeJson(json, {pretty: true, theme: this.config.theme?.json})))
  }

  override async init(): Promise<void> {
    await super.init()
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, this.#stop)
  }

  override async finally(error: Error | undefined): Promise<void> {
    // A second signal, as npm or a shell hands one on, must not end what is just ending by itself, with its exit code.
    if (!this.signal.aborted) for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, this.#stop)
    await this.#display?.close()
    await super.finally(error)
  }

  override async catch(error: unknown): Promise<never> {
    await this.#display?.close()
    const {afterInterrupt} = this
    const failure = toJhubError(error, {interrupted: this.signal.aborted, command: this.id ?? '', afterInterrupt})
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(failure))
    else this.logToStderr(this.#named(renderError(failure)))
    return this.exit(failure.exitCode)
  }

  override toErrorJson(error: JhubError): unknown {
    return {error: errorRecord(error, (fix) => suggestionForSameHub(fix, this.#sameHub()))}
  }

  protected override toSuccessJson(result: unknown): unknown {
    return resultForSameHub(super.toSuccessJson(result), this.#sameHub())
  }

  #sameHub() {
    this.#commands ??= new Set(
      this.config.commands.flatMap(({id, flags}) => ('name' in flags ? [id.split(':')[0] ?? ''] : [])),
    )
    return {flags: this.#hub, commands: this.#commands}
  }

  #named(text: string): string {
    return forSameHub(text, this.#sameHub())
  }

  #stop = (signal: NodeJS.Signals): void => {
    if (!this.signal.aborted) {
      this.#stoppedAt = performance.now()
      this.#interrupt.abort(new Error(signal === 'SIGINT' ? 'Ctrl-C' : signal))
    } else if (performance.now() - this.#stoppedAt > sameStopMs) {
      const next =
        this.afterInterrupt === undefined
          ? 'Run the same command again: it continues where it stopped.'
          : `Next:  ${this.afterInterrupt}`
      process.stderr.write(this.#named(`Stopped at once. ${next}\n`))
      process.exit(130)
    }
  }
}

function errorRecord(
  {code, message, cause, suggestions, exitCode, details}: JhubError,
  named: (fix: string) => string,
): Record<string, unknown> {
  return {
    code,
    message,
    ...(cause instanceof Error ? {cause: cause.message} : {}),
    fix: suggestions.map(named),
    exitCode,
    ...definedOnly({details}),
  }
}
