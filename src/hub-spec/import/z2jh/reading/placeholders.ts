import {isRecord} from '../../../document/is-record.js'
import {holdsPlaceholderOfHost, isPlaceholder} from '../../is-placeholder.js'
import type {Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {shown} from '../../../document/shown.js'
import {itemKey} from './list-items.js'

const hostKeys: ReadonlySet<string> = new Set(['host', 'hosts', 'hostnames'])

/** The values without placeholders, each named, and without lists of nothing else. Those among names of people are told with the people. */
export function withoutPlaceholders(values: Keys, note: Importing['note']): Keys {
  const isLeft = (value: unknown, path: readonly string[]) => {
    if (typeof value !== 'string') return true
    const isWhole = isPlaceholder(value)
    const isOpen = isWhole || (hostKeys.has(path.at(-1) ?? '') && holdsPlaceholderOfHost(value))
    if (isOpen) note(path, `${shown(value)} ${isWhole ? 'is' : 'holds'} a placeholder: left out.`)
    return !isOpen
  }
  const clean = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value)) {
      const items = value as readonly unknown[]
      if (path[0] === 'auth' || (path[0] === 'hub' && path[1] === 'config')) return items
      return items.flatMap((item, index) => {
        const at = isRecord(item) ? [...path, itemKey(item, index)] : path
        return isLeft(item, at) ? [clean(item, at)] : []
      })
    }
    if (!isRecord(value)) return value
    const entries = Object.entries(value).filter(([key, inner]) => isLeft(inner, [...path, key]))
    return Object.fromEntries(
      entries.flatMap(([key, inner]) => {
        const cleaned = clean(inner, [...path, key])
        return hasItems(inner) && !hasItems(cleaned) ? [] : [[key, cleaned] as const]
      }),
    )
  }
  return clean(values, []) as Keys
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}

/** Whether a value, or one inside it, is a placeholder. */
export function holdsPlaceholder(value: unknown): boolean {
  if (typeof value === 'string') return isPlaceholder(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsPlaceholder)
}
