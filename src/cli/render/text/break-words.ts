import Table from 'cli-table3'
import {noLines} from './render-table.js'

/** Lines of at most so many columns, broken between words; what stands in backticks is one word, and a longer one stands alone. */
export function breakWords(text: string, width: number): readonly string[] {
  if (text.length <= width) return [text]
  return breakAtSpaces(
    text.replace(/`[^`]*`/g, (typed) => typed.replaceAll(' ', joined)),
    width,
  ).map((line) => line.replaceAll(joined, ' '))
}

/** In place of a space at which no line ends: of Unicode's private use, so in no text. */
const joined = '\uE000'

function breakAtSpaces(text: string, width: number): readonly string[] {
  const table = new Table({
    chars: noLines,
    style: {head: [], border: [], 'padding-left': 0, 'padding-right': 0},
    colWidths: [Math.max(width, ...text.split(/\s/).map(({length}) => length))],
    wordWrap: true,
  })
  table.push([text])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}
