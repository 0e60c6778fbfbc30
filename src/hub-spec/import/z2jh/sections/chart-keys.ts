import {chartKeysAt, chartProblems} from '../../../place/chart/chart-problems.js'
import {chartVersion} from '../../../place/chart/chart-version.js'
import {isRecord} from '../../../document/is-record.js'
import {didYouMean} from '../../../document/nearest.js'
import type {Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {itemKey} from '../reading/list-items.js'

type Path = readonly (string | number)[]

/** The values without what the chart refuses, each named. */
export function withoutRefused(values: Keys, note: Importing['note'], told: string[]): Keys {
  const problems = chartProblems(values)
  const refused = problems.map(({path, problem, suggestion}) => {
    const place = longestPath(values, path)
    note(namesOf(values, place), `${problem}: left out.${didYouMean(suggestion)}`)
    return place
  })
  if (problems.some(({isUnknownKey}) => isUnknownKey === true))
    told.push(
      `Chart ${chartVersion}, which jhub installs, has no such keys. With another (k8s.chart), write what that takes under k8s.values.`,
    )
  // From the last on: numbers of items stay what they are.
  return refused.toReversed().reduce((left, path) => without(left, path) as Keys, values)
}

/** The values without empty maps where the chart has keys of its own: laid over those, they say nothing. */
export function withoutEmptySections(values: Keys, above: readonly string[] = []): Keys {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      if (!isRecord(value)) return [[key, value] as const]
      const path = [...above, key]
      const inner = withoutEmptySections(value, path)
      const isOfChart = chartKeysAt(path) !== undefined || chartKeysAt(above)?.includes(key) === true
      return isOfChart && Object.keys(inner).length === 0 ? [] : [[key, inner] as const]
    }),
  )
}

/** Of what is not there, what it should be in. */
function longestPath(values: unknown, path: Path): Path {
  const [first, ...rest] = path
  if (first === undefined || !isObject(values) || !Object.hasOwn(values, first)) return []
  return [first, ...longestPath(values[first as keyof typeof values], rest)]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Items of lists by what a note calls them. */
function namesOf(values: unknown, [first, ...rest]: Path): readonly string[] {
  if (first === undefined) return []
  const inner = isObject(values) ? values[first as keyof typeof values] : undefined
  return [typeof first === 'number' ? itemKey(inner, first) : first, ...namesOf(inner, rest)]
}

function without(values: unknown, [first, ...rest]: Path): unknown {
  if (Array.isArray(values))
    return rest.length === 0
      ? values.filter((_, index) => index !== first)
      : values.map((item: unknown, index) => (index === first ? without(item, rest) : item))
  if (!isRecord(values)) return values
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      if (key !== first) return [[key, value] as const]
      const inner = rest.length === 0 ? undefined : without(value, rest)
      const isNothing = inner === undefined || (Array.isArray(inner) && inner.length === 0)
      return isNothing ? [] : [[key, inner] as const]
    }),
  )
}
