/**
 * Gives each name, or the first free of `name~2`, `name~3`, … where it is taken. Names are the same where their keys are. No
 * number is tried twice for one name: whoever chooses many names that come to the same costs no more than with different ones.
 */
export function numberedNames(
  numbered: (name: string, number: number) => string = (name, number) => `${name}~${String(number)}`,
  keyOf: (name: string) => string = (name) => name,
): (name: string) => string {
  const used = new Set<string>()
  const next = new Map<string, number>()
  return (wanted) => {
    let name = wanted
    let number = next.get(keyOf(wanted)) ?? 2
    for (; used.has(keyOf(name)); number++) name = numbered(wanted, number)
    next.set(keyOf(wanted), number)
    used.add(keyOf(name))
    return name
  }
}
