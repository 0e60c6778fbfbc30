import type {Keys} from '../../take-keys.js'
import {isRecord} from '../../../document/is-record.js'

/** As helm lays values files over each other: maps key by key, everything else whole, and the later file wins. */
export function layerValues(below: Keys, above: Keys): Keys {
  const entries = Object.entries(above).map(([key, value]) => {
    const under = Object.hasOwn(below, key) ? below[key] : undefined
    return [key, isRecord(under) && isRecord(value) ? layerValues(under, value) : value] as const
  })
  return Object.fromEntries([...Object.entries(below), ...entries])
}
