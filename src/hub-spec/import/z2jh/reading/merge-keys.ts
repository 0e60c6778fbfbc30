import {isAlias, isMap, isScalar, isSeq, Pair, visit, YAMLSeq, type Document, type YAMLMap} from 'yaml'
import {aliasTargets} from '../../../document/yaml-aliases.js'
import {keysAbove, type Remark} from './remarks.js'

/**
 * Puts the merge keys of a document (`<<: *common`) as go-yaml has them: a map may have several, and each replaces what stands
 * above it. Those that merge something else than maps are taken out and told.
 */
export function orderMerges(document: Document): readonly Remark[] {
  const targets = aliasTargets(document)
  const keysOfMap = new Map<YAMLMap, ReadonlySet<string>>()
  const odd: Remark[] = []

  const mapsOf = (pair: Pair) => {
    const maps = sourcesOf(pair).map((each) => (isAlias(each) ? targets.get(each) : each))
    return maps.every((each) => isMap(each)) ? maps : undefined
  }
  const keysOf = (map: YAMLMap): ReadonlySet<string> => {
    const known = keysOfMap.get(map)
    if (known !== undefined) return known
    const keys = new Set<string>()
    keysOfMap.set(map, keys)
    for (const pair of map.items)
      for (const key of isMerge(pair) ? (mapsOf(pair)?.flatMap((each) => [...keysOf(each)]) ?? []) : [textOf(pair)])
        keys.add(key)
    return keys
  }

  visit(document, {
    Map(_, map, path) {
      const last = map.items.findLast(isMerge)
      if (last === undefined) return
      const merged = new YAMLSeq()
      const all = new Pair(last.key, merged)
      map.items = map.items.reduce<Pair[]>((above, pair) => {
        if (!isMerge(pair)) return [...above, pair]
        const maps = mapsOf(pair)
        if (maps === undefined)
          odd.push({
            path: keysAbove(path),
            at: keysAbove(path),
            sentence: 'merges (<<) something else than keys with values: left out.',
          })
        else merged.items.unshift(...sourcesOf(pair))
        const replaced = new Set(maps?.flatMap((each) => [...keysOf(each)]))
        return [...above.filter((each) => !replaced.has(textOf(each))), ...(pair === last ? [all] : [])]
      }, [])
    },
  })
  return odd
}

function isMerge({key}: Pair): boolean {
  return isScalar(key) && typeof key.value === 'symbol'
}

function sourcesOf({value}: Pair): readonly unknown[] {
  return isSeq(value) ? value.items : [value]
}

function textOf({key}: Pair): string {
  return isScalar(key) ? String(key.value) : ''
}
