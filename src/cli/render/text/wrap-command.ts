import columnsOf from 'fast-string-width'

/**
 * A command in lines of at most `width` columns where that is possible. Every line but the last ends with a backslash, so that
 * all of it can be copied; no line ends within the name of a command of jhub or within quotes, and none between a flag and its
 * value that fit into one.
 */
export function wrapCommand(command: string, width: number): string {
  const lines: string[] = []
  // Indented, and with room for the backslash.
  for (const part of partsOf(command, width - 4)) {
    const last = lines.at(-1)
    const longer = last === undefined ? part : `${last} ${part}`
    // Room for the backslash.
    if (last === undefined || columnsOf(longer) <= width - 2) lines.splice(-1, 1, longer)
    else lines.push(`  ${part}`)
  }
  return lines.join(' \\\n')
}

/** Words; each flag with its value, and the name of each command of jhub as one. */
function partsOf(command: string, width: number): readonly string[] {
  const words = command.match(/(?:\\.|"[^"]*"|'[^']*'|\S)+/g) ?? []
  const parts: string[] = []
  for (const [index, word] of words.entries()) {
    const before = words[index - 1] ?? ''
    const isValue = /^--?[\w-]+$/.test(before) && !/^-./.test(word)
    const isName = /^[a-z][a-z\d-]*$/.test(word) && (before === 'jhub' || words[index - 2] === 'jhub')
    const joined = `${parts.at(-1) ?? ''} ${word}`
    if (isName || (isValue && columnsOf(joined) <= width)) parts.splice(-1, 1, joined)
    else parts.push(word)
  }
  return parts
}
