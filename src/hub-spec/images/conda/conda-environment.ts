import {yamlErrorWords} from '../../document/yaml-error-words.js'
import {isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node} from 'yaml'
import {requirementProblem} from '../recipes/requirement.js'

/** What conda's environment.yml asks for. */
export interface CondaEnvironment {
  readonly channels: readonly string[]
  /** As conda writes them: `numpy=2`, `conda-forge::gdal`. */
  readonly dependencies: readonly string[]
  /** What pip adds, from the package index. */
  readonly pip: readonly string[]
  /** Set for its kernels. */
  readonly variables: Readonly<Record<string, string>>
}

/** The channel of a file that names none. */
const usualChannel = 'conda-forge'

const keys = ['name', 'prefix', 'channels', 'dependencies', 'variables']

/** The environment of a file, or each problem of it with its line. */
export function parseCondaEnvironment(
  text: string,
): {readonly environment: CondaEnvironment} | {readonly problems: readonly string[]} {
  const lines = new LineCounter()
  const document = parseDocument(text, {lineCounter: lines})
  const problems: string[] = []
  const refuse = (node: Node | null | undefined, problem: string) => {
    const at = node?.range === undefined || node.range === null ? '' : `${String(lines.linePos(node.range[0]).line)}: `
    problems.push(`${at}${problem}`)
  }
  const [error] = document.errors
  if (error !== undefined || !isMap(document.contents))
    return {
      problems: [error === undefined ? 'is not a conda environment: it has no dependencies' : yamlErrorWords(error)],
    }
  for (const {key} of document.contents.items)
    if (isScalar(key) && !keys.includes(String(key.value)))
      refuse(key, `"${String(key.value)}" is not known; it can have ${keys.join(', ')}`)
  const environment = {
    channels: channelsOf(document, refuse),
    ...dependenciesOf(document, refuse),
    variables: variablesOf(document, refuse),
  }
  if (environment.dependencies.length === 0) refuse(undefined, 'it names no package under dependencies')
  return problems.length > 0 ? {problems} : {environment}
}

type Refuse = (node: Node | null | undefined, problem: string) => void

function channelsOf(document: Document, refuse: Refuse): readonly string[] {
  const found = texts(document.get('channels', true), 'channels', refuse)
    .filter(({text}) => text !== 'nodefaults')
    .map(({node, text}) => {
      if (text === 'defaults')
        refuse(node, '"defaults" is the channel of Anaconda, for which larger organisations pay; write conda-forge')
      return withoutSecret({node, text}, refuse)
    })
  return found.length === 0 ? [usualChannel] : found
}

/** As conda writes a password or a token in an address. */
const secretInAddress = /\/\/[^/]*@|(?:^|\/)t\/[^/]+\//

/** A lock has the addresses of packages, and everybody can read it. */
function withoutSecret({node, text}: Text, refuse: Refuse): string {
  if (secretInAddress.test(text))
    refuse(node, 'a channel with a password or token cannot be used: it would be in the lock, which everybody can read')
  return text
}

function dependenciesOf(document: Document, refuse: Refuse): Pick<CondaEnvironment, 'dependencies' | 'pip'> {
  const list = document.get('dependencies', true)
  if (!isSeq(list)) return {dependencies: [], pip: []}
  const nodes = list.items as readonly Node[]
  const nested = nodes.filter((node) => isMap(node))
  for (const node of nested)
    if (node.items.length !== 1 || !node.has('pip')) refuse(node, 'only "pip:" can have a list of its own')
  const pip = nested.flatMap((node) => texts(node.get('pip', true), 'pip', refuse))
  for (const {node, text} of pip) {
    const problem = requirementProblem(text)
    if (problem !== undefined) refuse(node, problem)
  }
  const plain = nodes.filter((node) => !isMap(node)).flatMap((node) => single(node, 'dependencies', refuse))
  return {dependencies: plain.map((each) => withoutSecret(each, refuse)), pip: pip.map(({text}) => text)}
}

function variablesOf(document: Document, refuse: Refuse): CondaEnvironment['variables'] {
  const found = document.get('variables', true)
  if (!isMap(found)) return {}
  const pairs = found.items.flatMap(({key, value}): (readonly [string, string])[] => {
    const name = isScalar(key) ? String(key.value) : ''
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) refuse(key as Node, 'variables need names of letters, digits and "_"')
    return single(value as Node, `variables.${name}`, refuse).map(({text}) => [name, text] as const)
  })
  return Object.fromEntries(pairs)
}

interface Text {
  readonly node: Node
  readonly text: string
}

function texts(list: unknown, what: string, refuse: Refuse): readonly Text[] {
  return isSeq(list) ? (list.items as readonly Node[]).flatMap((node) => single(node, what, refuse)) : []
}

function single(node: Node | null, what: string, refuse: Refuse): readonly Text[] {
  const value = isScalar(node) ? node.value : undefined
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  if (text !== '' && node !== null) return [{node, text}]
  refuse(node, `${what} can only have texts`)
  return []
}
