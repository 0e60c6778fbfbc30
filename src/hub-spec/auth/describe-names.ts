import type {ChangedName} from './names-after.js'

const shown = 20

/** A table of old and new names, one line each, under a sentence that says what it means; nothing where no name changes. */
export function describeChangedNames(names: readonly ChangedName[]): readonly string[] {
  if (names.length === 0) return []
  const some = names.slice(0, shown)
  const widest = (texts: readonly string[]) => Math.max(...texts.map(({length}) => length))
  const [old, next] = [widest(some.map(({name}) => name)), widest(some.map((row) => row.next ?? '?'))]
  const rest = names.length - some.length
  return [
    'These people will have another name. Homes stay with the old names:',
    ...some.map((row) => `  ${row.name.padEnd(old)}  →  ${(row.next ?? '?').padEnd(next)}  ${meaning(row)}`),
    ...(rest === 0 ? [] : [`  and ${String(rest)} more: jhub plan --json`]),
    ...(names.some((row) => row.next === undefined)
      ? ['Add the names that only the provider knows when you know them: jhub user add NAME']
      : []),
  ]
}

function meaning({next, nextIs}: ChangedName): string {
  if (next === undefined) return 'only the provider knows it'
  if (nextIs === 'taken') return 'somebody else has this name here: give one of them another name at the provider'
  return nextIs === 'listed'
    ? 'in the settings file: gets the home of that name'
    : `not in the settings file: jhub user add ${next}`
}
