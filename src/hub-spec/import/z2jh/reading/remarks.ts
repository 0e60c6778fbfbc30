import {isMap, isScalar, isSeq, visit, type Document, type Node} from 'yaml'
import {keyOfItem} from './list-items.js'

/** What a person must know of how a value was read. */
export interface Remark {
  readonly path: readonly string[]
  /** The same, down to the item of a list. */
  readonly at: readonly string[]
  /** About the value at that path. */
  readonly sentence: string
}

/** Numbers that are not what was written, as `1.10` is 1.1, and tags. */
export function remarksOn(document: Document): readonly Remark[] {
  return [...otherNumbers(document), ...tagsIn(document)]
}

/** The keys above a node, from the outermost. */
export function keysAbove(path: readonly unknown[]): readonly string[] {
  return path.flatMap((each) =>
    typeof each === 'object' && each !== null && 'key' in each && isScalar(each.key) ? [String(each.key.value)] : [],
  )
}

/** The path of a node: the keys above it, and which item it is inside of. */
function pathAbove(path: readonly unknown[]): readonly string[] {
  return path.flatMap((each, index) => {
    const below = path[index + 1]
    return isSeq(each) && isMap(below) ? [keyOfItem(each, below)] : keysAbove([each])
  })
}

/** The same, with the node itself where it is an item. */
function placeOf(node: unknown, path: readonly unknown[]): Pick<Remark, 'path' | 'at'> {
  const above = pathAbove(path)
  const list = path.at(-1)
  return {path: above, at: isSeq(list) ? [...above, keyOfItem(list, node)] : above}
}

/** Tags that change nothing, or what helm reads too. */
const isPlainTag = /^tag:yaml\.org,2002:(?:str|int|bool|null|map|seq)$/

function tagsIn(document: Document): readonly Remark[] {
  const found: Remark[] = []
  visit(document, {
    Node(_, node: Node, path) {
      const {tag} = node
      if (tag === undefined || isPlainTag.test(tag)) return
      const written = tag.replace(/^tag:yaml\.org,2002:/, '!!')
      found.push({...placeOf(node, path), sentence: `has the tag ${written}, and is read without it.`})
    },
  })
  return found
}

/** Where the chart makes a text of a number, `1.10` is another thing than `1.1`. */
const becomesText = /env|tag|version|label|annotation|vars|(?:^|_)users$|whitelist|allowlist/i

/** Numbers that people write in several ways, all of them meant as numbers: `.5`, `2.`, `1.10`, `40e9`. */
const isFraction = /^[-+]?(?=.*[.e])(?:\d+\.\d*|\.\d+|\d+)(?:e[-+]?\d+)?$/i

/** Modes of files and masks are written so; nobody's name is. */
const isOfBits = /^[-+]?(?:0o?[0-7_]+|0x[\da-f_]+|0b[01_]+)$/i
const namesPeople = /(?:^|_)users$|whitelist|allowlist/i

function otherNumbers(document: Document): readonly Remark[] {
  const found: Remark[] = []
  visit(document, {
    Scalar(key, node, path) {
      const written = (node as {source?: string}).source
      if (typeof node.value !== 'number' || written === undefined || key === 'key') return
      const isSame = String(node.value) === written.replace(/^\+|_/g, '')
      if (isSame) return
      const keys = keysAbove(path)
      if (isOfBits.test(written) && !keys.some((each) => namesPeople.test(each))) return
      if (isFraction.test(written) && !keys.some((each) => becomesText.test(each))) return
      found.push({
        ...placeOf(node, path),
        sentence: `${written} is the number ${String(node.value)}; write it in quotes to keep it as it is.`,
      })
    },
  })
  return found
}
