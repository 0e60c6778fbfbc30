/**
 * Names in the order of the alphabet. The tables of all languages, which take long to load, are used only where a name is not
 * ASCII; they put every sign before the digits.
 */
export function sortNames(names: Iterable<string>): readonly string[] {
  const all = [...names]
  return all.every(isAscii) ? all.sort() : all.sort((one, other) => one.localeCompare(other))
}

function isAscii(name: string): boolean {
  return !/[^\0-\x7F]/.test(name)
}
