/**
 * A command in lines of at most `width` columns where that is possible. Every line but the last ends with a backslash, so that
 * all of it can be copied; no line ends between a flag and its value, or within quotes.
 */
export function wrapCommand(command: string, width: number): string {
  const lines: string[] = []
  for (const part of partsOf(command)) {
    const last = lines.at(-1)
    const longer = last === undefined ? part : `${last} ${part}`
    // Room for the backslash.
    if (last === undefined || longer.length <= width - 2) lines.splice(-1, 1, longer)
    else lines.push(`  ${part}`)
  }
  return lines.join(' \\\n')
}

/** Words, each flag with its value. */
function partsOf(command: string): readonly string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []
  const parts: string[] = []
  for (const [index, word] of words.entries()) {
    const before = words[index - 1] ?? ''
    const isValue = /^--?[\w-]+$/.test(before) && !word.startsWith('-')
    if (isValue) parts.push(`${parts.pop() ?? ''} ${word}`)
    else parts.push(word)
  }
  return parts
}
