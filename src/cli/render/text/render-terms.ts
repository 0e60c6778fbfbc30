import columnsOf from 'fast-string-width'
import {breakWords} from './break-words.js'

/** In less room than that beside the terms, what they mean stands below them. */
const leastRoom = 30
const gap = 2

/** Terms and what they mean, side by side; in a narrow terminal the meaning is broken between words. */
export function renderTerms(
  terms: readonly (readonly [string, string])[],
  width: number = process.stdout.isTTY ? process.stdout.columns : Infinity,
): string {
  const longest = Math.max(...terms.map(([term]) => columnsOf(term)))
  const room = width - longest - gap
  return terms
    .flatMap(([term, meaning]) => {
      if (room < leastRoom)
        return [term, ...breakWords(meaning, width - gap).map((line) => `${' '.repeat(gap)}${line}`)]
      const [first = '', ...rest] = breakWords(meaning, room)
      return [
        `${term}${' '.repeat(longest + gap - columnsOf(term))}${first}`,
        ...rest.map((line) => `${' '.repeat(longest + gap)}${line}`),
      ]
    })
    .join('\n')
}
