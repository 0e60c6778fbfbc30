import {isAlias, visit, type Alias, type Document, type Node} from 'yaml'

/** What each alias of a document (`*name`) stands for: the last anchor of that name before it. */
export function aliasTargets(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Node(_, node: Node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target !== undefined) targets.set(node, target)
      } else if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node)
    },
  })
  return targets
}

export interface AliasProblem {
  readonly offset: number
  readonly problem: string
}

/** The first alias that stands for nothing, and those that have no end. */
export function aliasProblems(document: Document): readonly AliasProblem[] {
  const unknown = unknownAlias(document)
  return [...(unknown === undefined ? [] : [unknown]), ...endlessAliases(document)]
}

/** The first alias that stands for nothing, and what to write instead. */
function unknownAlias(document: Document): AliasProblem | undefined {
  const targets = aliasTargets(document)
  let found: Alias | undefined
  visit(document, {
    Alias(_, alias) {
      if (targets.has(alias)) return undefined
      found = alias
      return visit.BREAK
    },
  })
  if (found === undefined) return undefined
  return {
    offset: found.range?.[0] ?? 0,
    problem: `*${found.source} refers to nothing above it; a value that begins with * must be in quotes`,
  }
}

/** The aliases that stand inside what they name: their value has no end. */
function endlessAliases(document: Document): readonly AliasProblem[] {
  const targets = aliasTargets(document)
  const found: number[] = []
  visit(document, {
    Alias(_, alias, path) {
      const target = targets.get(alias)
      if (path.some((above) => above === target)) found.push(alias.range?.[0] ?? 0)
    },
  })
  return found.map((offset) => ({offset, problem: 'this alias (*…) stands inside what it names'}))
}
