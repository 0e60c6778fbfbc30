import {isNode, isScalar, visit, type Document, type LineCounter} from 'yaml'
import type {SpecProblem} from './spec-problem.js'
import {aliasProblems} from './yaml-aliases.js'
import {misplaced, yamlErrorWords} from './yaml-error-words.js'

/**
 * What no settings file may hold, however it is meant: text that is no YAML, a second document, a tag that nothing reads, a
 * key given twice, `__proto__`. The document is parsed with `uniqueKeys: false`, which takes quadratic time.
 */
export function yamlProblems(document: Document, counter: LineCounter): readonly SpecProblem[] {
  const at = (offset: number, problem: string, path = ''): SpecProblem => ({path, ...placeOf(counter, offset), problem})
  const broken = firstOfEachLine(document.errors.map((error) => at(error.pos[0], yamlErrorWords(error))))
  if (broken.length > 0) return broken
  return [
    ...document.warnings.map((warning) => at(warning.pos[0], yamlErrorWords(warning))),
    ...keyProblems(document).map(({offset, problem, key}) => at(offset, problem, key)),
    ...aliasProblems(document).map(({offset, problem}) => at(offset, problem)),
  ]
}

/** Line and column, from 1. */
export function placeOf(counter: LineCounter, offset: number): {readonly line: number; readonly column: number} {
  const {line, col} = counter.linePos(offset)
  return {line: Math.max(line, 1), column: Math.max(col, 1)}
}

/** One mistake makes the parser stumble again on the same line, and over every later word that it cannot place. */
function firstOfEachLine(problems: readonly SpecProblem[]): readonly SpecProblem[] {
  return problems.filter(
    ({line, problem}, index) =>
      !problems
        .slice(0, index)
        .some((before) => before.line === line || (before.problem === problem && problem === misplaced)),
  )
}

interface KeyProblem {
  readonly offset: number
  readonly key: string
  readonly problem: string
}

function keyProblems(document: Document): readonly KeyProblem[] {
  const found: KeyProblem[] = []
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>()
      for (const {key} of map.items) {
        if (!isScalar(key)) {
          const offset = (isNode(key) ? key : map).range?.[0] ?? 0
          found.push({offset, key: '', problem: 'a key must be one word'})
          continue
        }
        const text = String(key.value)
        const offset = key.range?.[0] ?? 0
        if (text === '__proto__') found.push({offset, key: text, problem: 'this cannot be a key'})
        else if (seen.has(text)) found.push({offset, key: text, problem: 'this key is given twice'})
        seen.add(text)
      }
    },
  })
  return found
}
