import {checkHubDocument} from '../../check/check-hub-document.js'
import {hubSpecSchema} from '../../hub-spec.js'
import type {Keys} from '../take-keys.js'
import {isRecord} from '../../document/is-record.js'

export interface Fitted {
  readonly document: Keys
  /** What cannot be in a spec, and why. */
  readonly leftOut: readonly {readonly path: readonly string[]; readonly problem: string}[]
}

/** A document without the keys for which a spec would be refused; one odd value never costs the others. */
export function fitSpec(document: Keys): Fitted {
  let fitted = document
  const leftOut: {path: readonly string[]; problem: string}[] = []
  for (;;) {
    const [first] = problemsOf(fitted)
    if (first === undefined) return {document: fitted, leftOut}
    leftOut.push(first)
    fitted = without(fitted, first.path)
  }
}

function problemsOf(document: Keys): readonly {path: readonly string[]; problem: string}[] {
  const parsed = hubSpecSchema.safeParse(document)
  if (parsed.success) return checkHubDocument(parsed.data).map(({path, problem}) => ({path: path.map(String), problem}))
  return parsed.error.issues.map((issue) => ({
    path: [...issue.path.map(String), ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])],
    problem: issue.message,
  }))
}

/** Without the key at a path, or the nearest one above it that is there. */
function without(values: Keys, [first, ...rest]: readonly string[]): Keys {
  if (first === undefined) return {}
  const inner = values[first]
  if (rest.length > 0 && isRecord(inner)) {
    const [next] = rest
    if (next !== undefined && Object.hasOwn(inner, next)) return {...values, [first]: without(inner, rest)}
  }
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== first))
}
