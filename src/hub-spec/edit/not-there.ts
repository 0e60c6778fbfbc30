import {nearest} from '../document/nearest.js'

const shown = 8

/** What can be typed for a name that is not there: the one most likely meant first. */
export function insteadOf(name: string, known: readonly string[], others: readonly string[]): readonly string[] {
  const suggestion = nearest(name, known)
  return suggestion === undefined ? others : [`Run the same command with ${suggestion}`, ...others]
}

/** That a name is not in the settings file, with the one most likely meant, else those that are there, else that there are none. */
export function notThere(kind: 'image' | 'group', name: string, known: readonly string[]): string {
  const what = `There is no ${kind} ${name}`
  if (known.length === 0) return `${what}: the settings file has no ${kind}s`
  const suggestion = nearest(name, known)
  if (suggestion !== undefined) return `${what} in the settings file; did you mean ${suggestion}?`
  const rest = known.length > shown ? `, and ${String(known.length - shown)} more` : ''
  return `${what} in the settings file; it has ${known.slice(0, shown).join(', ')}${rest}`
}
