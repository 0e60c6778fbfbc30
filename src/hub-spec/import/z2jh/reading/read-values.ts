import {Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, YAMLParseError} from 'yaml'
import {specError, type SpecProblem} from '../../../document/spec-problem.js'
import {toPlain, withLineFeeds} from '../../../document/yaml-text.js'
import {placeOf, yamlProblems} from '../../../document/yaml-problems.js'
import type {Keys} from '../../take-keys.js'
import {isRecord} from '../../../document/is-record.js'
import {asGo} from './go-tags.js'
import {itemOf} from './list-items.js'
import {orderMerges} from './merge-keys.js'
import {remarksOn, type Remark} from './remarks.js'
import {objectKind} from './unwrap-values.js'

export interface ValuesText {
  /** As a person typed it. */
  readonly name: string
  readonly text: string
}

export interface ValuesFile {
  readonly name: string
  readonly values: Keys
  /** From 1; `undefined` for a path that is not in the file. */
  readonly lineOf: (path: readonly string[]) => number | undefined
  readonly remarks: readonly Remark[]
}

/**
 * A values file as helm reads it: YAML 1.1 with its booleans, octal numbers and merge keys, as sigs.k8s.io/yaml maps it.
 * The output of `helm get values` is one too. Throws `JHUB-E101` with the line.
 */
export function readValues({name, text: written}: ValuesText): ValuesFile {
  const text = withLineFeeds(written)
  refuseEncrypted(name, text)
  const counter = new LineCounter()
  const document = onlyDocument(withoutHeading(text), counter)
  const oddMerges = orderMerges(document)
  const problems = yamlProblems(document, counter)
  const fix = `Change ${name} there, then run the same command again`
  if (problems.length > 0) throw specError(explainTemplates(problems, text).slice(0, mostShown), name, fix)
  const values = document.contents === null ? {} : (toPlain(document, name, fix) ?? {})
  if (!isRecord(values))
    throw specError(
      [{path: '', line: 1, column: 1, problem: 'values must be keys with values, and this is not'}],
      name,
      fix,
    )
  const kind = objectKind(values)
  if (kind !== undefined)
    throw specError(
      [
        {
          path: 'kind',
          line: 1,
          column: 1,
          problem: `this is a Kubernetes object, ${kind}, and not the values of a chart`,
        },
      ],
      name,
      'Save the values in it as a file of their own, or take what is installed: helm get values RELEASE | jhub import z2jh -',
    )
  if (isRecord(values['sops'])) throw encrypted(name, 'SOPS', `sops decrypt ${name} > decrypted.yaml`)
  return {
    name,
    values,
    lineOf: (path) => lineOf(document, counter, path),
    remarks: [...oddMerges, ...remarksOn(document)],
  }
}

/** A file that is no YAML at all has a problem in every line. */
const mostShown = 5

/** A template is no YAML before its values are filled in, and what a parser says of it helps nobody. */
function explainTemplates(problems: readonly SpecProblem[], text: string): readonly SpecProblem[] {
  const lines = text.split('\n')
  const explained = problems.map((problem) =>
    /\{\{|\{%/.test(lines[problem.line - 1] ?? '')
      ? {...problem, path: '', problem: 'a template has not been filled in here ({{ … }})'}
      : problem,
  )
  return explained.filter(
    ({line, problem}, index) => explained.findIndex((each) => each.line === line && each.problem === problem) === index,
  )
}

/** The document of a text; empty ones beside it are none. Tags that nothing knows are told, and refuse nothing. */
function onlyDocument(text: string, counter: LineCounter): Document {
  const parsed = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    customTags: asGo,
    uniqueKeys: false,
    logLevel: 'error',
    prettyErrors: false,
    lineCounter: counter,
  })
  const documents = [...parsed]
  const [first = documents[0], second] = documents.filter(isFilled)
  if (first === undefined) return new Document(null)
  first.errors = documents.flatMap(({errors}) => errors)
  first.warnings = []
  if (second !== undefined) first.errors.push(new YAMLParseError(placeIn(second), 'MULTIPLE_DOCS', ''))
  return first
}

function isFilled({contents, errors}: Document): boolean {
  return errors.length > 0 || (contents !== null && !(isScalar(contents) && contents.value === null))
}

function placeIn({range}: Document.Parsed): [number, number] {
  return [range[0], range[1]]
}

/** `helm get values` writes a line before the values; a comment of the same length keeps every place. */
function withoutHeading(text: string): string {
  return text.replace(
    /^((?:[ \t]*(?:#.*)?\r?\n)*)(?:USER-SUPPLIED|COMPUTED) VALUES:/,
    (heading, before: string) => `${before}#${heading.slice(before.length + 1)}`,
  )
}

function refuseEncrypted(name: string, text: string): void {
  if (text.startsWith('$ANSIBLE_VAULT')) throw encrypted(name, 'Ansible Vault', `ansible-vault decrypt ${name}`)
  if (/^-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----/.test(text))
    throw encrypted(name, 'PGP or age', `sops decrypt ${name}`)
}

function encrypted(name: string, by: string, fix: string) {
  return specError([{path: '', line: 1, column: 1, problem: `the file is encrypted by ${by}`}], name, fix)
}

function lineOf(document: Document, counter: LineCounter, path: readonly string[]): number | undefined {
  let node: unknown = document.contents
  let line: number | undefined
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find(({key}) => isScalar(key) && String(key.value) === part)
      if (pair === undefined) return line
      const offset = isScalar(pair.key) ? pair.key.range?.[0] : undefined
      if (offset !== undefined) line = placeOf(counter, offset).line
      node = pair.value
    } else if (isSeq(node)) {
      node = itemOf(node, part)
      const offset = isNode(node) ? node.range?.[0] : undefined
      if (offset !== undefined) line = placeOf(counter, offset).line
    } else return line
  }
  return line
}
