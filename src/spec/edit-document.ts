import {diffArrays} from 'diff'
import {parse, parseDocument, type Document, type ToStringOptions} from 'yaml'

const layouts: readonly ToStringOptions[] = [
  {indent: 2, indentSeq: true},
  {indent: 2, indentSeq: false},
  {indent: 4, indentSeq: true},
  {indent: 4, indentSeq: false},
]

/**
 * Changes a YAML text through its document and keeps every line that the change does not concern as it was, spaces and
 * comments included. Where lines cannot be told apart, the whole text is written in the library's own layout.
 */
export function editDocument(source: string, change: (document: Document) => void): string {
  const layout = layoutOf(source)
  const before = write(parseDocument(source), layout)
  const document = parseDocument(source)
  change(document)
  const after = write(document, layout)
  if (after === before) return source
  const merged = mergeLines(source, before, after)
  return merged !== undefined && JSON.stringify(parse(merged)) === JSON.stringify(parse(after)) ? merged : after
}

function write(document: Document, layout: ToStringOptions): string {
  return document.toString({...layout, lineWidth: 0, flowCollectionPadding: false})
}

/** The layout in which the library writes most lines as they stand. */
function layoutOf(source: string): ToStringOptions {
  const lines = new Set(source.split('\n'))
  const likeness = layouts.map((layout) => ({
    layout,
    same: write(parseDocument(source), layout)
      .split('\n')
      .filter((line) => lines.has(line)).length,
  }))
  return likeness.reduce((best, next) => (next.same > best.same ? next : best)).layout
}

/** The source with the lines replaced that differ between the library's text before and after the change. */
function mergeLines(source: string, before: string, after: string): string | undefined {
  const [original, from, to] = [source, before, after].map((text) => text.replace(/\n$/, '').split('\n'))
  if (original === undefined || from === undefined || to === undefined || original.length !== from.length)
    return undefined
  let line = 0
  const lines = diffArrays(from, to).flatMap(({added, removed, value, count}) => {
    if (added) return value
    const kept = original.slice(line, line + count)
    line += count
    return removed ? [] : kept
  })
  return `${lines.join('\n')}\n`
}
