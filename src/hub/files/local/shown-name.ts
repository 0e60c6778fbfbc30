/** A name in one line, whatever its owner put into it. */
export function shownName(name: string): string {
  return name.toWellFormed().replace(/[\p{Cc}\u2028\u2029]/gu, '\uFFFD')
}
