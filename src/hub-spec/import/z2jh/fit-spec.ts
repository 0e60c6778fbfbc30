import {checkHubDocument} from '../../check/check-hub-document.js'
import {isUnwrittenKey, unwrittenText, unwrittenValues, type UnwrittenKey} from '../../auth/unwritten.js'
import {hubSpecSchema} from '../../hub-spec.js'
import type {Keys} from '../take-keys.js'
import {isRecord} from '../../document/is-record.js'

export interface Fitted {
  readonly document: Keys
  /** What cannot be in a spec, and why. */
  readonly leftOut: readonly Problem[]
  /** What stands there until somebody writes what the provider says, as `auth.issuer`, with the sentence that says so. */
  readonly unwritten: readonly string[]
}

interface Problem {
  readonly path: readonly string[]
  readonly problem: string
  readonly missing?: string
}

/**
 * A document without the keys for which a spec would be refused; one odd value never costs the others. Where a sign-in cannot
 * be without a value, it gets one that somebody has to replace: without the sign-in, its rules would be lost too.
 */
export function fitSpec(document: Keys): Fitted {
  let fitted = document
  const leftOut: Problem[] = []
  const unwritten: string[] = []
  for (;;) {
    const [first] = problemsOf(fitted)
    if (first === undefined) return {document: fitted, leftOut, unwritten}
    const {missing = '', path} = first
    if (path[0] === 'auth' && isUnwrittenKey(missing) && isRecord(fitted['auth'])) {
      fitted = {...fitted, auth: {...fitted['auth'], [missing]: unwrittenValues[missing]}}
      unwritten.push(
        `auth.${missing} is not given here: write it in place of ${unwrittenText(missing)}. ${whereToFind[missing]}`,
      )
      continue
    }
    leftOut.push(withItem(first, fitted))
    fitted = without(fitted, path)
  }
}

const whereToFind: Readonly<Record<UnwrittenKey, string>> = {
  clientId: 'The provider gave it to your hub.',
  issuer: 'It is the address in front of /.well-known/openid-configuration; the provider tells it.',
  tenant: "It is the directory (tenant) ID that Microsoft's portal shows.",
  identityProviders: 'It is the entity ID of your institution, as https://cilogon.org/idplist lists it.',
  server: 'It is the address of your directory, as ldaps://ldap.uni.example.',
  base: 'It is the entry below which people are, as ou=people,dc=uni,dc=example.',
  authorizeUrl: "It is the learning platform's authentication request URL.",
  keysUrl: "It is the learning platform's keyset URL.",
}

function problemsOf(document: Keys): readonly Problem[] {
  const parsed = hubSpecSchema.safeParse(document)
  if (parsed.success)
    return checkHubDocument(parsed.data).map(({path, ...problem}) => ({...problem, path: path.map(String)}))
  return parsed.error.issues.map((issue) => ({
    path: [...issue.path.map(String), ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])],
    problem: issue.message,
  }))
}

/** Of an item of a list, which has a number alone, the item itself. */
function withItem(found: Problem, document: Keys): Problem {
  const above = found.path.slice(0, -1)
  const list = above.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), document)
  const item: unknown = Array.isArray(list) ? list[Number(found.path.at(-1))] : undefined
  return item === undefined ? found : {...found, path: above, problem: `${JSON.stringify(item)} ${found.problem}`}
}

/** Without the key or the item of a list at a path, or the nearest one above it that is there. */
function without(values: Keys, [first, ...rest]: readonly string[]): Keys {
  if (first === undefined) return {}
  const inner = values[first]
  if (rest.length > 0 && isRecord(inner)) {
    const [next] = rest
    if (next !== undefined && Object.hasOwn(inner, next)) return {...values, [first]: without(inner, rest)}
  }
  if (rest.length === 1 && Array.isArray(inner)) {
    const items = inner.filter((_, index) => String(index) !== rest[0])
    if (items.length > 0) return {...values, [first]: items}
  }
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== first))
}
