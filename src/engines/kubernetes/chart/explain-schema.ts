import {nearest} from '../../../hub-spec/document/nearest.js'
import {isRecord} from '../../../hub-spec/document/is-record.js'

/**
 * What helm says of values that the schema of a chart refuses, one sentence for each, by their keys in the settings file.
 * `defaults` are the chart's own values, from which the nearest key is taken. Words of another shape stay as they are.
 */
export function explainSchema(said: string, defaults: unknown): string {
  const found = said.split('\n').flatMap((line) => {
    const [, pointer, problem] = /^\s*- at '([^']*)': (.+)$/.exec(line) ?? []
    return pointer === undefined || problem === undefined || problem === 'validation failed'
      ? []
      : explain(pointer.split('/').slice(1).map(unescapePointer), problem, defaults)
  })
  return found.length === 0 ? said : found.join('; ')
}

function explain(path: readonly string[], problem: string, defaults: unknown): readonly string[] {
  const [, unknown] = /^additional properties (.+) not allowed$/.exec(problem) ?? []
  if (unknown === undefined) return [`${nameOf(path)}: ${problem}`]
  const known = keysAt(defaults, path)
  return [...unknown.matchAll(/'([^']*)'/g)].map(([, key = '']) => {
    const meant = nearest(key, known)
    return `${nameOf([...path, key])}: the chart has no such value${meant === undefined ? '' : `; did you mean ${meant}?`}`
  })
}

function nameOf(path: readonly string[]): string {
  return ['k8s', 'values', ...path].join('.')
}

function keysAt(values: unknown, path: readonly string[]): readonly string[] {
  const found = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), values)
  return isRecord(found) ? Object.keys(found) : []
}

/** A part of a JSON pointer, unescaped (RFC 6901). */
function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
