import {diffArrays} from 'diff'
import {parseDocument, type Document, type ToStringOptions} from 'yaml'
import {keepNames} from '../document/keep-names.js'

const layouts: readonly ToStringOptions[] = [
  {indent: 2, indentSeq: true},
  {indent: 2, indentSeq: false},
  {indent: 4, indentSeq: true},
  {indent: 4, indentSeq: false},
]

/**
 * Changes a YAML text through its document and keeps every line that the change does not concern as it was, spaces,
 * comments and line ends included. Where lines cannot be told apart, the whole text is written in the library's own layout.
 */
export function editDocument(source: string, change: (document: Document) => void): string {
  if (!source.includes('\r\n')) return editLines(source, change)
  return editLines(source.replaceAll('\r\n', '\n'), change).replaceAll('\n', '\r\n')
}

function editLines(source: string, change: (document: Document) => void): string {
  const layout = layoutOf(source)
  const before = write(parse(source), layout)
  const document = parse(source)
  change(document)
  const after = write(document, layout)
  if (after === before) return source
  const merged = mergeLines(source, before, after)
  return isSame(merged, after) ? merged : after
}

/** Keys that stand there twice are found when the text is checked, in far less time. */
function parse(text: string): Document {
  const document = parseDocument(text, {uniqueKeys: false})
  keepNames(document)
  return document
}

function write(document: Document, layout: ToStringOptions): string {
  return document.toString({...layout, lineWidth: 0, flowCollectionPadding: false})
}

/** The layout in which the library writes most lines as they stand. */
function layoutOf(source: string): ToStringOptions {
  const lines = new Set(source.split('\n'))
  const likeness = layouts.map((layout) => ({
    layout,
    same: write(parse(source), layout)
      .split('\n')
      .filter((line) => lines.has(line)).length,
  }))
  return likeness.reduce((best, next) => (next.same > best.same ? next : best)).layout
}

/** The library's text after the change, with every line it did not concern in the person's own writing. */
function mergeLines(source: string, before: string, after: string): string {
  const blocks = ownWriting(source.split('\n'), before.split('\n'))
  let line = 0
  const kept = new Set<number>()
  const lines = diffArrays(before.split('\n'), after.split('\n')).flatMap(
    ({added, removed, value, count}): readonly (string | number)[] => {
      if (added) return value
      const range = Array.from({length: count}, (_, index) => line + index)
      line += count
      if (removed) return []
      for (const each of range) kept.add(each)
      return range
    },
  )
  return lines.flatMap((each) => (typeof each === 'string' ? each : writingOf(each, blocks, kept))).join('\n')
}

/** Lines of the library's text that say together what some lines of the source say. */
interface Block {
  readonly first: number
  readonly texts: readonly string[]
  readonly own: readonly string[]
}

/** A line as the person wrote it, when the change left the whole block that it is part of. */
function writingOf(line: number, blocks: readonly Block[], kept: ReadonlySet<number>): readonly string[] {
  const block = blocks.find(({first, texts}) => line >= first && line < first + texts.length)
  if (block === undefined) return []
  const isWhole = block.texts.every((_, index) => kept.has(block.first + index))
  if (!isWhole) return [block.texts[line - block.first] ?? '']
  return line === block.first ? block.own : []
}

/** Which lines of the source say what which lines of the library's text say; spaces do not count. */
function ownWriting(source: readonly string[], before: readonly string[]): readonly Block[] {
  const bare = (text: string) => text.replace(/\s+/g, '')
  const blocks: Block[] = []
  let [from, to] = [0, 0]
  let waiting: readonly string[] = []
  for (const {added, removed, count} of diffArrays(source.map(bare), before.map(bare))) {
    if (removed) {
      waiting = source.slice(from, from + count)
      from += count
    } else if (added) {
      blocks.push({first: to, texts: before.slice(to, to + count), own: waiting})
      waiting = []
      to += count
    } else {
      for (let index = 0; index < count; index++) {
        const own = [...waiting, ...source.slice(from + index, from + index + 1)]
        blocks.push({first: to + index, texts: before.slice(to + index, to + index + 1), own})
        waiting = []
      }
      from += count
      to += count
    }
  }
  return blocks
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)]
  return a.errors.length === 0 && JSON.stringify(a.toJS()) === JSON.stringify(b.toJS())
}
