import {isRecord} from '../document/is-record.js'

export type Keys = Readonly<Record<string, unknown>>

/** The value at a path, taken away from what is left; `undefined` when there is none. */
export type Take = (...path: readonly string[]) => unknown

export interface Taking {
  readonly take: Take
  /** The same, and it stays where it is. */
  readonly look: Take
  /** What nobody took, without maps that became empty by it. */
  readonly rest: () => Keys
}

/** Values of somebody else's, taken one by one, so that none is lost unnoticed. */
export function takeKeys(values: Keys): Taking {
  const left = structuredClone(values) as Record<string, unknown>
  return {
    take: (...path) => takeFrom(left, path),
    look: (...path) => path.reduce<unknown>((found, key) => ownValue(found, key), left),
    rest: () => withoutEmptied(left, values),
  }
}

function ownValue(found: unknown, key: string): unknown {
  return isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined
}

function takeFrom(values: Record<string, unknown>, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined || !Object.hasOwn(values, first)) return undefined
  const found = values[first]
  if (rest.length > 0) return isRecord(found) ? takeFrom(found, rest) : undefined
  Reflect.deleteProperty(values, first)
  return found
}

/** What is left of values, without maps that had something in them before; one that was empty says so, as `emptyDir: {}`. */
export function withoutEmptied(left: Keys, before: unknown): Keys {
  return Object.fromEntries(
    Object.entries(left).flatMap(([key, value]) => {
      if (!isRecord(value) || value instanceof Set) return [[key, value] as const]
      const was = ownValue(before, key)
      const inner = withoutEmptied(value, was)
      const isEmptied = Object.keys(inner).length === 0 && !(isRecord(was) && Object.keys(was).length === 0)
      return isEmptied ? [] : [[key, inner] as const]
    }),
  )
}
