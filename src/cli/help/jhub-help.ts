import {CommandHelp, Errors, Help, type Command, type Interfaces} from '@oclif/core'
import {printable} from '../render/text/printable.js'
import {renderError} from '../render/render-error.js'
import {isCommand, noSuchCommand} from './no-such-command.js'
import {wrapCommand} from '../render/text/wrap-command.js'

/** Columns before a command of the examples. */
const exampleIndent = 4

/** The help of one command, of which nothing breaks within a word or a command. */
class JhubCommandHelp extends CommandHelp {
  protected override defaultUsage(): string {
    return joinValues(withoutEmptyChoices(super.defaultUsage()))
  }

  /** Without the summary, which is the first line of the page already. */
  protected override description(): string | undefined {
    const {summary, description} = this.command
    if (summary === undefined) return super.description()
    return description === undefined ? undefined : this.wrap(description)
  }

  protected override examples(examples: Command.Example[] | string | undefined): string | undefined {
    if (examples === undefined || typeof examples === 'string') return super.examples(examples)
    return examples
      .map((example) => {
        const [description, command] =
          typeof example === 'string' ? ['', example] : [example.description, example.command]
        const lines = wrapCommand(`$ ${this.render(command)}`, this.opts.maxWidth - exampleIndent)
        return description === '' ? lines : `${this.wrap(description)}\n\n${this.indent(lines)}`
      })
      .join('\n\n')
  }

  /** oclif indents the text of a flag that has lines of its own by two more columns than it wraps it by. */
  override renderList(...[input, options]: Parameters<CommandHelp['renderList']>): string {
    const rows = input.map(([left, right]): (typeof input)[number] =>
      right === undefined ? [left, right] : [left, spacedChoices(right)],
    )
    return super.renderList(rows, {...options, indentation: options.indentation + 2})
  }
}

/** oclif leaves an empty place in a choice for each flag that it has shown in another: `[--keep | ]`. */
function withoutEmptyChoices(usage: string): string {
  return usage.replace(/(?:\| +)+(?=\|)/g, '').replace(/(?: \|)* +\]/g, ']')
}

/** In place of a space at which no line ends: of Unicode's private use, so in no text. */
const joined = '\uE000'

function joinValues(usage: string): string {
  return usage.replace(/(--?[\w-]+) (?=[^\s[\]|-])/g, `$1${joined}`)
}

/** Words that can be chosen, with room for a line to end between them: oclif would end it within one. */
function spacedChoices(text: string): string {
  return text.replace(/[(<](?:options: )?[\w-]+(?:\|[\w-]+)+[)>]/g, (choices) => choices.replaceAll('|', ' | '))
}

/** oclif's help, but a command is no topic because its name ends another's: `up` is not above `group add`. */
export default class JhubHelp extends Help {
  protected override CommandHelpClass = JhubCommandHelp

  protected override get sortedTopics(): Interfaces.Topic[] {
    const {topics} = this.config
    return super.sortedTopics.filter(({name}) => topics.some((other) => other.name.startsWith(`${name}:`)))
  }

  override async showHelp(argv: string[]): Promise<void> {
    const words = argv.filter((word) => !word.startsWith('-')).flatMap((word) => word.split(':'))
    if (words.length === 0 || isCommand(words, this.config)) return super.showHelp(argv)
    const error = noSuchCommand(words, this.config)
    process.stderr.write(`${printable(renderError(error))}\n`)
    throw new Errors.ExitError(error.exitCode)
  }

  /** The summary on top is wrapped like everything below it. */
  protected override log(...texts: string[]): void {
    super.log(
      ...texts.map((text) => {
        const [top = '', ...below] = text.split('\n')
        return [this.wrap(top, 0), ...below].join('\n').replaceAll(joined, ' ')
      }),
    )
  }
}
