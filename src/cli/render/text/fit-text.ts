import columnsOf from 'fast-string-width'
import {breakWords} from './break-words.js'
import {wrapCommand} from './wrap-command.js'

/** What stands before a line's words: indentation, a mark, a label as `Error:` or `warn`, the line and column of a file. */
const before = /^\s*(?:[-~+|*✔✖] |(?:ok|warn|FAIL|\d+:\d+) {2,})?(?:(?:try|[A-Z][a-z' ]{1,16}):\s+)?/

/** After these labels, and far inside, stands what a person types. */
const beforeCommand = /^(?:\s{4,}|\s*(?:[-*] )?(?!Error:|Warning:)(?:try|[A-Z][a-z' ]{1,16}):\s+)$/
/** More than one command: it is copied as a whole, and a comment in it stays at its end. */
const script = /^(?:[A-Z_]+=\S|for |while |if |\{)/
const programs = 'jhub|kubectl|helm|docker|kind|sudo|ssh|uv|curl|npm|systemctl|journalctl|rm'
const command = new RegExp(`^(?:${programs}) `)
/** At the end of a line, after a colon. Only advice has the others there: an error may say `docker: not found`. */
const commandAtEnd = /^(.*:) (jhub .*)$/
const anyCommandAtEnd = new RegExp(`^(.*:) ((?:${programs}) .*)$`)
const beforeAdvice = /(?:try|next):\s+$/i
/** After a label that says so every program is one to type, in the lines below it too. */
const whatToType = /^(?:Try|Next): /
const belowIt = /^ {7}\S/
/** A shell reads what is below as it is, up to this word. */
const hereDocument = /<<'(\w+)'$/
const program = /^[a-z][\w.-]* /

/** Columns of a terminal; `undefined` where lines may be of any length. */
export function widthOf({isTTY, columns}: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number | undefined {
  return isTTY && columns > 0 ? columns : undefined
}

/**
 * Words for a person in lines of at most so many columns: broken between words, below where the line began; commands so that
 * they can be copied. Rows of a table stay as they are.
 */
export function fitText(text: string, width: number | undefined): string {
  if (width === undefined) return text
  let isToType = false
  let until: string | undefined
  return text
    .split('\n')
    .flatMap((line) => {
      if (until !== undefined) {
        if (line === until) until = undefined
        return [line]
      }
      until = hereDocument.exec(line)?.[1]
      isToType = whatToType.test(line) || (isToType && belowIt.test(line))
      return columnsOf(line) <= width ? [line] : fitLine(line, width, isToType ? program : command)
    })
    .join('\n')
}

/** Words stand beside a label of at most so many columns, else below it. */
const longestLabel = 14

function fitLine(line: string, width: number, typed: RegExp): readonly string[] {
  const [whole = ''] = before.exec(line) ?? []
  const [mark = ''] = /^\s*(?:[-~+|*✔✖] )?/.exec(line) ?? []
  const start = whole.length > longestLabel ? mark : whole
  const rest = line.slice(start.length)
  const below = start.includes('|') ? start : ' '.repeat(start.length)
  const room = width - start.length
  if (script.test(rest) && beforeCommand.test(start))
    return / # /.test(rest) ? [line] : wrapCommand(rest, room).split('\n').map(placed)
  if (typed.test(rest) && beforeCommand.test(start)) return fitCommand(rest, room).map(placed)
  if (start.trim() === '' && /\S {2,}\S/.test(rest)) return [line]
  const [, words = rest, atTheEnd] = (beforeAdvice.test(start) ? anyCommandAtEnd : commandAtEnd).exec(rest) ?? []
  return [
    ...breakWords(words, room),
    ...(atTheEnd === undefined ? [] : fitCommand(atTheEnd, room - 2).map(inside)),
  ].map(placed)

  function placed(part: string, index: number): string {
    return `${index === 0 ? start : below}${part}`
  }
}

function inside(part: string): string {
  return `  ${part}`
}

/** What is said beside a command goes below it. */
function fitCommand(text: string, width: number): readonly string[] {
  const [, typed = text, said] = /^(.*?)\s{2,}# (.*)$/.exec(text) ?? []
  return [
    ...typed.split(' · ').flatMap((one) => wrapCommand(one, width).split('\n')),
    ...(said === undefined ? [] : breakWords(said, width - 2).map((words) => `# ${words}`)),
  ]
}
