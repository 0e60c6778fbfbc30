interface Grouped {
  readonly line: number
  readonly groups: readonly string[]
}

const mostShown = 5

/** Says who has no group in a list where cells were joined: of a joined cell, only the first row has the text. */
export function joinedGroups(people: readonly Grouped[]): readonly string[] {
  const said = people.flatMap(({groups}) => (groups.length === 0 ? [] : [groups.join(';')]))
  const without = people.filter(({groups}) => groups.length === 0)
  const startsWithGroup = people[0]?.groups.length !== 0
  if (said.length === 0 || without.length === 0 || !startsWithGroup || new Set(said).size < said.length) return []
  const lines = without.slice(0, mostShown).map(({line}) => String(line))
  const more = without.length - lines.length
  const where = `${without.length === 1 ? 'Line' : 'Lines'} ${lines.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`
  return [
    `${where} ${without.length === 1 ? 'has' : 'have'} no group, and every group stands on one line alone. If cells were joined there, write the group on each line.`,
  ]
}
