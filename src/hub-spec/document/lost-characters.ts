import {visit, type Document} from 'yaml'

/** Where names and values have the mark of a character that is not UTF-8. In comments it harms nobody. */
export function lostCharacters(document: Document): readonly number[] {
  const found: number[] = []
  visit(document, {
    Scalar(_, {value, range}) {
      if (typeof value === 'string' && value.includes('\uFFFD')) found.push(range?.[0] ?? 0)
    },
  })
  return found
}
