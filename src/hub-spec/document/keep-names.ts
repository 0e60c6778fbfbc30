import {isMap, isScalar, isSeq, type Document, type Node} from 'yaml'

/**
 * Names of people and groups as they stand in the text: `0042`, `1e3` and `0x1F` are names and no numbers. `true` and `null`
 * stay what they are: who means a name writes it in quotes.
 */
export function keepNames(document: Document): void {
  if (!isMap(document.contents)) return
  for (const section of ['users', 'groups']) {
    const entries = document.contents.get(section, true)
    if (isSeq(entries)) entries.items.forEach(keepText)
    if (!isMap(entries)) continue
    for (const {key, value} of entries.items) {
      keepText(key)
      const groups: unknown = isMap(value) ? value.get('groups', true) : undefined
      if (isSeq(groups)) groups.items.forEach(keepText)
    }
  }
}

function keepText(node: unknown): void {
  if (!isScalar(node) || typeof node.value !== 'number') return
  const {source} = node as Node & {source?: string}
  if (source === undefined) return
  node.value = source
  delete node.format
}
