/** The end of what a program wrote, for an error. */
export function lastLines(text: string | undefined, count = 15): string {
  return (text ?? '').trimEnd().split('\n').slice(-count).join('\n')
}
