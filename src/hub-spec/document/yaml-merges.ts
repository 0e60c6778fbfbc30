import {isAlias, isMap, isScalar, isSeq, visit, type Document} from 'yaml'
import {aliasTargets} from './yaml-aliases.js'

/** Where a document first merges (`<<`) something else than keys with values; `undefined` where it does not. */
export function oddMerge(document: Document): {readonly offset: number; readonly problem: string} | undefined {
  const targets = aliasTargets(document)
  const resolved = (node: unknown) => (isAlias(node) ? targets.get(node) : node)
  let offset: number | undefined
  visit(document, {
    Pair(_, {key, value}) {
      if (!isScalar(key) || typeof key.value !== 'symbol') return undefined
      const source = resolved(value)
      if ((isSeq(source) ? source.items : [source]).every((each) => isMap(resolved(each)))) return undefined
      offset = key.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset === undefined ? undefined : {offset, problem: '<< must be followed by keys with values, as *name'}
}
