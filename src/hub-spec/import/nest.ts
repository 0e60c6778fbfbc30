import {isRecord} from '../document/is-record.js'
import type {Keys} from './take-keys.js'

/** A value at a path, in maps that hold nothing else. */
export function nest([first, ...rest]: readonly string[], value: unknown): Keys {
  if (first === undefined) return isRecord(value) ? value : {}
  return {[first]: rest.length === 0 ? value : nest(rest, value)}
}
