import {chartKeys} from '../../../place/chart/chart-schema.js'
import {nearest} from '../../../document/nearest.js'
import type {Keys} from '../../take-keys.js'
import {isRecord} from '../../../document/is-record.js'

export interface Unwrapped {
  readonly values: Keys
  /** Where the values were, as `['basehub', 'jupyterhub']`; empty where they were not nested. */
  readonly inside: readonly string[]
  /** Paths beside them, each with what is there. */
  readonly others: readonly Other[]
}

export interface Other {
  readonly path: readonly string[]
  readonly is: 'another chart' | 'another hub' | 'outside the chart'
}

const deepest = 3

/** The values of the JupyterHub chart, also where a chart around it has them under a name. */
export function unwrapValues(values: Keys): Unwrapped {
  const inside = findChart(values)
  const found = inside.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), values)
  if (inside.length === 0 || !isRecord(found)) return {values, inside: [], others: []}
  return {values: found, inside, others: besides(values, inside).map((path) => ({path, is: kindOf(values, path)}))}
}

/** Keys of the chart that stand above it are read by nothing; another hub is not merged into this one. */
function kindOf(values: Keys, path: readonly string[]): Other['is'] {
  const key = path.at(-1) ?? ''
  const value = path.reduce<unknown>((at, part) => (isRecord(at) ? at[part] : undefined), values)
  if (isRecord(value) && chartKeys.includes(key) && key !== 'global') return 'outside the chart'
  return isRecord(value) && findChart({[key]: value}).length > 0 ? 'another hub' : 'another chart'
}

/** What kind of Kubernetes object a file is that holds no values itself, as `ConfigMap`; `undefined` for values. */
export function objectKind(values: Keys): string | undefined {
  const {apiVersion, kind} = values
  return typeof apiVersion === 'string' && typeof kind === 'string' && findChart(values).length === 0 ? kind : undefined
}

function findChart(values: Keys): readonly string[] {
  const named = pathTo(values, (key, value) => key === 'jupyterhub' && isRecord(value) && holdsChart(value))
  if (named !== undefined) return named
  if (looksLikeChart(values)) return []
  return pathTo(values, (_, value) => isRecord(value) && looksLikeChart(value)) ?? []
}

/** Charts of others call more than this one jupyterhub: a token for it, a theme. */
function holdsChart(values: Keys): boolean {
  const keys = Object.keys(values)
  return keys.length === 0 || keys.some((key) => chartKeys.includes(key) || key === 'auth')
}

/** Whether a key is one of the chart's, or nearly; of no keys at all, too. */
export function isOfChart(values: Keys): boolean {
  return holdsChart(values) || Object.keys(values).some((key) => nearest(key, chartKeys) !== undefined)
}

function looksLikeChart(values: Keys): boolean {
  return ['hub', 'singleuser', 'proxy', 'cull', 'scheduling', 'prePuller'].some((key) => isRecord(values[key]))
}

/** The least deep path whose last key and value are such. */
function pathTo(values: Keys, is: (key: string, value: unknown) => boolean): readonly string[] | undefined {
  let level: readonly (readonly [readonly string[], Keys])[] = [[[], values]]
  for (let depth = 0; depth < deepest; depth++) {
    for (const [path, keys] of level) {
      const found = Object.keys(keys).find((key) => is(key, keys[key]))
      if (found !== undefined) return [...path, found]
    }
    level = level.flatMap(([path, keys]) =>
      Object.entries(keys).flatMap(([key, value]) =>
        isRecord(value) && !chartKeys.includes(key) ? [[[...path, key], value] as const] : [],
      ),
    )
  }
  return undefined
}

function besides(
  values: Keys,
  [first, ...rest]: readonly string[],
  above: readonly string[] = [],
): readonly (readonly string[])[] {
  if (first === undefined) return []
  const inner = values[first]
  return [
    ...Object.keys(values)
      .filter((key) => key !== first)
      .map((key) => [...above, key]),
    ...(isRecord(inner) && rest.length > 0 ? besides(inner, rest, [...above, first]) : []),
  ]
}
