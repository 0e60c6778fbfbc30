import {isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Node} from 'yaml'
import type {z} from 'zod'
import {definedOnly} from '../defined-only.js'
import {checkHubDocument} from './check/check-hub-document.js'
import {hubSpecSchema, toHubSpec, type HubDocument, type HubSpec} from './hub-spec.js'
import {keepNames} from './document/keep-names.js'
import {keysAt} from './document/known-keys.js'
import {nearest} from './document/nearest.js'
import {specError, type SpecProblem} from './document/spec-problem.js'
import {lostCharacters} from './document/lost-characters.js'
import {placeOf, yamlProblems} from './document/yaml-problems.js'
import {toPlain} from './document/yaml-text.js'

type Path = readonly (string | number)[]

/** The spec of a file's text. Throws `JHUB-E101` with every problem at once, each with its line and column. */
export function parseHubSpec(source: string, fileName = 'jhub.yaml'): HubSpec {
  return toHubSpec(parseHubDocument(source, fileName))
}

/** What no text editor of today writes, and YAML does not read as lines. */
const unreadable: readonly {readonly sign: RegExp; readonly problem: string}[] = [
  {sign: /\0/, problem: 'the file is not UTF-8 (probably UTF-16); save it as UTF-8'},
  {
    sign: /\r(?!\n)/,
    problem: 'a line ends with a carriage return alone, as on old Macs; save the file with Unix line endings (LF)',
  },
]
const notUtf8 = 'a character here is not UTF-8 (�); save the file as UTF-8'

/** The document as it stands, without defaults. Throws as `parseHubSpec` does. */
export function parseHubDocument(source: string, fileName = 'jhub.yaml'): HubDocument {
  for (const {sign, problem} of unreadable)
    if (sign.test(source)) throw specError([{path: '', line: 1, column: 1, problem}], fileName)
  const counter = new LineCounter()
  const document = parseDocument(source, {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  })
  const place = (offset: number) => placeOf(counter, offset)
  const broken = yamlProblems(document, counter)
  if (broken.length > 0) throw specError(broken, fileName)
  const lost = lostCharacters(document).map((offset): SpecProblem => ({path: '', ...place(offset), problem: notUtf8}))
  if (lost.length > 0) throw specError(lost, fileName)
  if (!isMap(document.contents)) {
    const problem =
      document.contents === null
        ? 'the file is empty; `jhub init` writes one to begin with'
        : 'the file must be keys with values, for example `name: workshop`'
    throw specError([{path: '', line: 1, column: 1, problem}], fileName)
  }

  keepNames(document)
  const locate = (path: Path, at: 'key' | 'value') => place(offsetOf(document, path, at))
  const parsed = hubSpecSchema.safeParse(toPlain(document, fileName), {jitless: true})
  if (!parsed.success) {
    throw specError(
      onePerBound(parsed.error.issues).flatMap((issue) => describeIssue(issue, [], locate)),
      fileName,
    )
  }
  const problems = checkHubDocument(parsed.data).map(({path, problem, suggestion}): SpecProblem => ({
    path: path.join('.'),
    ...locate(path, 'key'),
    problem,
    ...definedOnly({suggestion}),
  }))
  if (problems.length > 0) throw specError(problems, fileName)
  return parsed.data
}

type Issue = z.core.$ZodIssue

/** A number that no computer counts to is above two bounds; the last is the one of the key. */
function onePerBound(issues: readonly Issue[]): readonly Issue[] {
  const bound = ({code, path}: Issue) => (/^too_/.test(code) ? JSON.stringify([code, path]) : undefined)
  return issues.filter(
    (issue, index) =>
      bound(issue) === undefined || !issues.slice(index + 1).some((other) => bound(other) === bound(issue)),
  )
}

function describeIssue(
  issue: Issue,
  above: Path,
  locate: (path: Path, at: 'key' | 'value') => {line: number; column: number},
): SpecProblem[] {
  const path = [...above, ...issue.path.filter((part) => typeof part !== 'symbol')]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const suggestion = nearest(key, keysAt(path))
        return {
          path: [...path, key].join('.'),
          ...locate([...path, key], 'key'),
          problem: `there is no key "${key}" here`,
          ...definedOnly({suggestion}),
        }
      })
    case 'invalid_union': {
      const best = bestBranch(issue.errors)
      if (best !== undefined) return best.flatMap((inner) => describeIssue(inner, path, locate))
      return [{path: path.join('.'), ...locate(path, 'value'), problem: unionMessage(path)}]
    }
    default:
      return [{path: path.join('.'), ...locate(path, 'value'), problem: issueMessage(issue)}]
  }
}

/** Of several forms that a value may have, the one that it has: where the problem is further inside, or is about its content. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) =>
    issues.some(
      ({path, code}) => path.length > 0 || !['invalid_type', 'invalid_value', 'invalid_format'].includes(code),
    ),
  )
}

function unionMessage(path: Path): string {
  if (path[0] === 'users' && typeof path[1] === 'number')
    return 'is not a name as it stands; if it is one, write it in quotes'
  if (path[0] === 'users') return 'must be a list of names, or names with their settings'
  if (path.at(-1) === 'address') return 'must be an IP address, for example 127.0.0.1'
  if (path[1] === 'egress')
    return path.length > 2
      ? 'must be a network, for example 10.0.0.0/8; one address is 10.0.0.7/32'
      : 'must be all, none, or a list of networks, for example [10.0.0.0/8]'
  if (path.at(-1) === 'redirect') return 'must be a port, or false'
  return 'must be a text or a number'
}

function issueMessage(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.path.at(-1) === 'python')
        return 'must be text in quotes, for example "3.12": without them YAML reads 3.10 as 3.1'
      return issue.input === undefined && issue.message.includes('undefined')
        ? 'is missing'
        : `must be ${article(issue.expected)}`
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
    case 'too_small':
      if (issue.origin !== 'array' && issue.origin !== 'string') return `must be at least ${String(issue.minimum)}`
      return issue.message.startsWith('Too small') ? 'must not be empty' : issue.message
    case 'too_big':
      return `must be at most ${String(issue.maximum)}`
    default:
      return issue.message
  }
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    object: 'keys with values',
    record: 'keys with values',
    array: 'a list',
    string: 'a text',
    boolean: 'true or false',
    int: 'a whole number',
    number: 'a number',
  }
  return words[type] ?? `of the kind ${type}`
}

/** Where a key or a value stands; a path that is not there is located at the nearest thing above it that is. */
function offsetOf(document: Document, path: Path, at: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [index, part] of path.entries()) {
    const isLast = index === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find(({key}) => String(isScalar(key) ? key.value : key) === String(part))
      if (pair === undefined) return offset
      offset = startOf(isLast && at === 'value' ? (pair.value ?? pair.key) : pair.key) ?? offset
      node = pair.value
    } else {
      const next =
        isNode(node) && 'get' in node
          ? (node as Node & {get(key: unknown, keepNode: true): unknown}).get(part, true)
          : undefined
      offset = startOf(next) ?? offset
      node = next
    }
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
