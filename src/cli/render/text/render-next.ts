/** What can be typed next, one command a line: none is broken in a narrow window. */
export function renderNext(commands: readonly string[]): readonly string[] {
  return commands.map((command, index) => `${index === 0 ? 'Next:  ' : '       '}${command}`)
}
