import {isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Tags} from 'yaml'
import {specError, type SpecProblem} from '../../../document/spec-problem.js'
import {toPlain} from '../../../document/yaml-text.js'
import {placeOf, yamlProblems} from '../../../document/yaml-problems.js'
import type {Keys} from '../../take-keys.js'
import {isRecord} from '../../../document/is-record.js'
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
  /** Numbers that are not what was written, as `1.10` is 1.1. */
  readonly otherNumbers: readonly OtherNumber[]
}

export interface OtherNumber {
  readonly path: readonly string[]
  readonly written: string
  readonly read: string
}

/**
 * A values file as helm reads it: YAML 1.1 with its booleans, octal numbers and merge keys, as sigs.k8s.io/yaml maps it.
 * The output of `helm get values` is one too. Throws `JHUB-E101` with the line.
 */
export function readValues({name, text}: ValuesText): ValuesFile {
  refuseEncrypted(name, text)
  const counter = new LineCounter()
  const document = parseDocument(withoutHeading(text), {
    version: '1.1',
    merge: true,
    customTags: asGo,
    uniqueKeys: false,
    logLevel: 'error',
    prettyErrors: false,
    lineCounter: counter,
  })
  const problems = yamlProblems(document, counter)
  const fix = `Change ${name} there, then run the same command again`
  if (problems.length > 0) throw specError(explainTemplates(problems, text).slice(0, mostShown), name, fix)
  const values = document.contents === null ? {} : (toPlain(document, name) ?? {})
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
    otherNumbers: otherNumbers(document),
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

/** What go-yaml does not know, or takes for a text: times, sexagesimal numbers and YAML 1.1's own collections. */
function asGo(tags: Tags): Tags {
  return tags.filter(
    (tag) =>
      typeof tag === 'string' ||
      !(('format' in tag && tag.format === 'TIME') || /:(?:timestamp|binary|omap|pairs|set)$/.test(tag.tag)),
  )
}

/** `helm get values` writes a line before the values; a comment of the same length keeps every place. */
function withoutHeading(text: string): string {
  return text.replace(/^(?:USER-SUPPLIED|COMPUTED) VALUES:/, (heading) => `#${heading.slice(1)}`)
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
    } else if (isSeq(node)) node = node.items[Number(part)]
    else return line
  }
  return line
}

/** Where the chart makes a text of a number, `1.10` is another thing than `1.1`. */
const becomesText = /env|tag|version|label|annotation|vars|(?:^|_)users$|whitelist|allowlist/i

/** Numbers that people write in several ways, all of them meant as numbers: `.5`, `2.`, `1.10`, `40e9`. */
const isFraction = /^[-+]?(?=.*[.e])(?:\d+\.\d*|\.\d+|\d+)(?:e[-+]?\d+)?$/i

/** Modes of files and masks are written so; nobody's name is. */
const isOfBits = /^[-+]?(?:0[0-7_]+|0x[\da-f_]+|0b[01_]+)$/i
const namesPeople = /(?:^|_)users$|whitelist|allowlist/i

function otherNumbers(document: Document): readonly OtherNumber[] {
  const found: OtherNumber[] = []
  visit(document, {
    Scalar(key, node, path) {
      const written = (node as {source?: string}).source
      if (typeof node.value !== 'number' || written === undefined || key === 'key') return
      const isSame = String(node.value) === written.replace(/^\+|_/g, '')
      if (isSame) return
      const keys = path.flatMap((each) =>
        typeof each === 'object' && 'key' in each && isScalar(each.key) ? [String(each.key.value)] : [],
      )
      if (isOfBits.test(written) && !keys.some((each) => namesPeople.test(each))) return
      if (isFraction.test(written) && !keys.some((each) => becomesText.test(each))) return
      found.push({path: keys, written, read: String(node.value)})
    },
  })
  return found
}
