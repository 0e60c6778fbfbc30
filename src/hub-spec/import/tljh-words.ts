import type {Keys} from './take-keys.js'
import {isRecord} from '../document/is-record.js'

/** What part of a TLJH configuration becomes. */
export interface Taken {
  readonly keys: Keys
  /** What a person must know of it, one sentence each. */
  readonly notes: readonly string[]
}

/** A value as it was written; `undefined` where TLJH sees none (`null` and `""` are "not set" there). */
export function wordOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value)
  return /^(?:|~|null)$/i.test(text) ? undefined : text
}

/** A list, also where `tljh-config set` left a single word in its place, or names stand as keys (`ana:`) or as a set, as TLJH reads them. */
export function wordsOf(value: unknown): readonly string[] {
  if (value instanceof Set) return wordsOf([...value])
  if (isRecord(value)) return Object.keys(value)
  return (Array.isArray(value) ? value : [value]).flatMap((each) =>
    isRecord(each) ? Object.keys(each) : (wordOf(each) ?? []),
  )
}

/** As TLJH sees it: its YAML has `true` and `false` alone, and any other word (`yes`, `no`, also `"false"` in quotes) is a text, which is on. */
export function isOn(value: unknown): boolean {
  if (typeof value === 'string') return value !== ''
  const word = wordOf(value)
  return word !== undefined && !/^(?:false|0|\[\]|\{\})$/.test(word)
}

/** A sentence about a switch that is on for TLJH by a word which does not say so; `so`: what that means. */
export function oddSwitch(path: string, value: unknown, so: string): readonly string[] {
  if (typeof value !== 'string' || !isOn(value) || /^true$/i.test(value)) return []
  const written = /^[a-z]+$/i.test(value) && !/^(?:false|null)$/i.test(value) ? value : JSON.stringify(value)
  return [`${path}: ${written} is neither true nor false, and on for TLJH: ${so}.`]
}

/** `a.b`, `a.c` of `{a: {b: 1, c: 2}}`: where values are, and not what they are, since some are secrets. */
export function pathsOf(values: Keys): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isRecord(value) ? pathsOf(value).map((path) => `${key}.${path}`) : [key],
  )
}
