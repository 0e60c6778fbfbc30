import {distance} from 'fastest-levenshtein'

/**
 * The word a person most likely meant, of the same length rather than not; `undefined` when none is near (a third of its
 * letters, at least two, may differ).
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      apart: distance(word, candidate),
      longer: Math.abs(candidate.length - word.length),
    }))
    .toSorted((one, other) => one.apart - other.apart || one.longer - other.longer)
  const [best] = ranked
  return best !== undefined && best.apart <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined
}
