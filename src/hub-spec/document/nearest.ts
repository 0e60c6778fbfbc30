import {distance} from 'fastest-levenshtein'

/**
 * The word a person most likely meant, of the same letters and of the same length rather than not; `undefined` when none is near (a third of its
 * letters, and one or two of a short word, may differ).
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      apart: distance(word, candidate),
      others: lettersOf(word) === lettersOf(candidate) ? 0 : 1,
      longer: Math.abs(candidate.length - word.length),
    }))
    .toSorted((one, other) => one.apart - other.apart || one.others - other.others || one.longer - other.longer)
  const [best] = ranked
  return best !== undefined && best.apart <= mostApart(word, best.others === 0) ? best.candidate : undefined
}

/** The sentence after one about a word that is not known; empty where none was meant for sure. */
export function didYouMean(meant: string | undefined): string {
  return meant === undefined ? '' : ` Did you mean ${meant}?`
}

function mostApart(word: string, areSameLetters: boolean): number {
  return word.length < 5 && !areSameLetters ? 1 : Math.max(2, Math.floor(word.length / 3))
}

function lettersOf(word: string): string {
  return word.split('').toSorted().join('')
}
