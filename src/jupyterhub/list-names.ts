const shown = 3

/** `ana, ben, cleo and 27 more`. */
export function listNames(names: readonly string[]): string {
  const rest = names.length - shown
  return rest <= 1 ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${String(rest)} more`
}
