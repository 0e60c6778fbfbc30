import {Document, isMap, isPair, LineCounter, parseDocument, stringify, visit} from 'yaml'
import type {ScalarTag, SchemaOptions} from 'yaml'
import {specError} from './spec-problem.js'
import {aliasProblems} from './yaml-aliases.js'
import {oddMerge} from './yaml-merges.js'
import {yamlErrorWords} from './yaml-error-words.js'

export function renderYaml(value: unknown): string {
  return stringify(value, {lineWidth: 0})
}

/** For helm, whose YAML is older: what is a text stays one, as `yes`, `0o17` and `1_000`. */
export function renderHelmYaml(value: unknown): string {
  const document = new Document(value, {version: '1.1'})
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && /^[-+.~]?\d/.test(node.value)) node.type = 'QUOTE_DOUBLE'
    },
  })
  return document.toString({lineWidth: 0})
}

/** For a person to read and change: what holds no further keys stands on one line. */
export function renderCompactYaml(value: unknown): string {
  const document = new Document(value)
  visit(document, {
    Collection(_, node) {
      node.flow = node !== document.contents && !node.items.some((item) => isMap(isPair(item) ? item.value : item))
    },
  })
  return document.toString({lineWidth: 0, flowCollectionPadding: false})
}

export interface ReadYamlOptions {
  /** `text`: every value as it was written, `007` too; not `true`, `false`, `null` and zeros, which are others in quotes. */
  readonly values?: 'typed' | 'text'
  /** A file without anything in it has no keys, and that is fine. */
  readonly mayBeEmpty?: boolean
}

/** A carriage return alone ends a line in YAML too (1.1, 5.4), as in files of an old Mac; the parser knows only line feeds. */
export function withLineFeeds(text: string): string {
  return text.replaceAll(/\r(?!\n)/g, '\n')
}

/** Keys with values from a YAML text of somebody else's. Throws `JHUB-E101`. */
export function readYamlMap(
  text: string,
  fileName: string,
  {values = 'typed', mayBeEmpty = false}: ReadYamlOptions = {},
): Readonly<Record<string, unknown>> {
  const lineCounter = new LineCounter()
  const document = parseDocument(withLineFeeds(text), {
    merge: true,
    logLevel: 'error',
    prettyErrors: false,
    lineCounter,
    ...(values === 'text' ? asText : {schema: 'core'}),
  })
  const fix = 'Fix the file there, then run the same command again'
  const refuse = (problem: string, offset = 0) => {
    const {line, col} = lineCounter.linePos(offset)
    return specError([{path: '', line: Math.max(line, 1), column: Math.max(col, 1), problem}], fileName, fix)
  }
  const [error] = document.errors
  if (error !== undefined) throw refuse(yamlErrorWords(error), error.pos[0])
  const odd = aliasProblems(document)[0] ?? oddMerge(document)
  if (odd !== undefined) throw refuse(odd.problem, odd.offset)
  if (document.contents === null && mayBeEmpty) return {}
  const value = toPlain(document, fileName, fix)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw refuse('the file must be keys with values')
}

const zero: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0+(?:\.0*)?$/,
  resolve: () => 0,
}

const asText: SchemaOptions = {schema: 'failsafe', customTags: (tags) => [...tags, 'bool', 'null', zero]}

/** Throws `JHUB-E101` for so many aliases that they are an attack ("billion laughs"). Every alias must stand for something. `fix`: what to do about such a file. */
export function toPlain(document: Document, fileName: string, fix?: string): unknown {
  try {
    return document.toJS({maxAliasCount: 10_000})
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    const problem = 'aliases (*…) make the file more than 10,000 times as long; write out what they name'
    throw specError([{path: '', line: 1, column: 1, problem}], fileName, fix)
  }
}
