/**
 * Names in the order of the alphabet. The tables of all languages, which take long to load, are used only where a name is not
 * ASCII; they put every sign before the digits.
 */
export function sortNames(names: Iterable<string>): readonly string[] {
  const all = [...names]
  return all.every(isAscii) ? all.sort() : all.sort((one, other) => one.localeCompare(other))
}

/** What belongs to names, in the order of `sortNames`; what belongs to one name stays as it came. */
export function sortByName<T>(all: readonly T[], nameOf: (each: T) => string): readonly T[] {
  const places = new Map(sortNames(new Set(all.map(nameOf))).map((name, place) => [name, place]))
  const placeOf = (each: T) => places.get(nameOf(each)) ?? 0
  return all.toSorted((one, other) => placeOf(one) - placeOf(other))
}

function isAscii(name: string): boolean {
  return !/[^\0-\x7F]/.test(name)
}
