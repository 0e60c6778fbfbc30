import {closest, distance} from 'fastest-levenshtein'

/** The word a person most likely meant; `undefined` when none is near (a third of its letters, at least two, may differ). */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined
  const best = closest(word, candidates)
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 3)) ? best : undefined
}
