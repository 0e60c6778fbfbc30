import columnsOf from 'fast-string-width'

/**
 * Lines of at most so many columns, broken between words. What stands in backticks is one word, and so are a path in quotes and a
 * remark in brackets at the end; a longer one stands alone.
 */
export function breakWords(text: string, width: number): readonly string[] {
  if (columnsOf(text) <= width) return [text]
  return breakAtSpaces(
    text.replace(/`[^`]*`|'\/[^']*'|\[[^[\]]*\]$/g, (typed) => typed.replaceAll(' ', joined)),
    width,
  ).map((line) => line.replaceAll(joined, ' '))
}

/** In place of a space at which no line ends: of Unicode's private use, so in no text. */
const joined = '\uE000'

function breakAtSpaces(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const [, space = '', word = ''] of text.trimEnd().matchAll(/(\s*)(\S+)/g)) {
    const last = lines.at(-1)
    const longer = `${last ?? ''}${space}${word}`
    if (last === undefined || columnsOf(longer) <= width) lines.splice(-1, 1, longer)
    else lines.push(word)
  }
  return lines
}
