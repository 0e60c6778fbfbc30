import {isRecord} from '../../document/is-record.js'
import type {Keys} from '../take-keys.js'
import {type Importing, shown} from './importing.js'

/** A whole value that somebody or something had still to fill in: `${HOST}`, `{{ host }}`, `__HOST__`, `<your-host>`. */
const placeholder = /^\s*(?:\$\{[\w.:-]+\}|\{\{.*\}\}|__[A-Z\d_]+__|<[a-z][\w .-]*>)\s*$/i

/** The values without placeholders, each named. Those among names of people are told with the people. */
export function withoutPlaceholders(values: Keys, note: Importing['note']): Keys {
  const isLeft = (value: unknown, path: readonly string[]) => {
    const isPlaceholder = typeof value === 'string' && placeholder.test(value)
    if (isPlaceholder) note(path, `${shown(value)} is a placeholder: left out.`)
    return !isPlaceholder
  }
  const clean = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value)) {
      const items = value as readonly unknown[]
      if (path[0] === 'hub' && path[1] === 'config') return items
      return items.filter((item) => isLeft(item, path)).map((item) => clean(item, path))
    }
    if (!isRecord(value)) return value
    const entries = Object.entries(value).filter(([key, inner]) => isLeft(inner, [...path, key]))
    return Object.fromEntries(entries.map(([key, inner]) => [key, clean(inner, [...path, key])]))
  }
  return clean(values, []) as Keys
}
