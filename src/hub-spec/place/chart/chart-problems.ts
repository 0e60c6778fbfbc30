import {z} from 'zod'
import {definedOnly} from '../../../defined-only.js'
import {nearest} from '../../document/nearest.js'
import {chartSchema} from './chart-schema.js'

type Path = readonly (string | number)[]

/** A value that the official chart refuses; a key in a list is its number. */
export interface ChartProblem {
  readonly path: Path
  readonly problem: string
  /** What was meant, as a path below the chart's nearest map. */
  readonly suggestion?: string
  /** Another chart may have it. */
  readonly isUnknownKey?: true
}

/** What the official chart refuses of values. */
export function chartProblems(values: unknown): readonly ChartProblem[] {
  const {error} = chartSchema.safeParse(values, {reportInput: true, jitless: true})
  return (error?.issues ?? []).flatMap((issue): readonly ChartProblem[] => {
    const path = issue.path.filter((part) => typeof part !== 'symbol')
    const known = chartKeysAt(path) ?? []
    if (issue.code === 'invalid_type' && issue.input === undefined)
      return [{path: path.slice(0, -1), problem: `has no ${String(path.at(-1))}`}]
    if (issue.code !== 'unrecognized_keys')
      return [{path, problem: issue.message, ...definedOnly({suggestion: keyMeant(path, known, issue.input)})}]
    return issue.keys.map((key) => ({
      path: [...path, key],
      problem: 'is not a key of the chart',
      isUnknownKey: true,
      ...definedOnly({suggestion: placeElsewhere(path, key) ?? nearest(key, known)}),
    }))
  })
}

/** The keys that the chart has in one of its own maps; `undefined` where it takes any, or none. */
export function chartKeysAt(path: Path): readonly string[] | undefined {
  const found = path.reduce<unknown>((schema, key) => {
    const bare = bareSchema(schema)
    return bare instanceof z.ZodObject ? (bare.shape as Readonly<Record<string, unknown>>)[key] : undefined
  }, chartSchema)
  const bare = bareSchema(found)
  return bare instanceof z.ZodObject && bare.def.catchall instanceof z.ZodNever ? Object.keys(bare.shape) : undefined
}

/** The one place in the same section of the chart where a key of this name stands. */
function placeElsewhere([section]: Path, key: string): string | undefined {
  const found = section === undefined ? [] : pathsOf([section]).filter((path) => path.at(-1) === key)
  return found.length === 1 ? found[0]?.join('.') : undefined
}

function pathsOf(above: Path): readonly Path[] {
  return (chartKeysAt(above) ?? []).flatMap((key) => [[...above, key], ...pathsOf([...above, key])])
}

function bareSchema(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? bareSchema(schema.unwrap()) : schema
}

/** What one value in place of a map surely was: `memory: 2G` is `memory.limit`. */
function keyMeant(path: Path, known: readonly string[], value: unknown): string | undefined {
  const key = typeof value === 'boolean' ? 'enabled' : ['string', 'number'].includes(typeof value) ? 'limit' : undefined
  return key !== undefined && known.includes(key) ? `${String(path.at(-1))}.${key}` : undefined
}
