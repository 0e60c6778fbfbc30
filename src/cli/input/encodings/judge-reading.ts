import type {Language} from './languages.js'

/** How likely a reading of bytes is a text, as the cost of what stands in it: a text that costs 3 more is twenty times rarer. */
export interface Judgement {
  readonly cost: number
  /** Different words with letters that are not ASCII. */
  readonly words: number
  /** Those among them that no language of the encoding has. */
  readonly strange: number
}

type IsCommon = (letter: string) => boolean

const otherLanguage = 4
const oddCapitals = 4
const uncommonLetter = 5
const unknownLetter = 8
const usualSign = 2
const oddSpace = 4

/** Judges a text as words in these languages, most of them in one; `isCommon` says of a letter whether it is of daily use. */
export function judgeReading(text: string, languages: readonly Language[], isCommon: IsCommon): Judgement {
  const pieces = [...new Set(text.match(piecesWithOthers) ?? [])]
  const words = [...new Set(pieces.flatMap((piece) => piece.match(wordsWithOthers) ?? []))]
  const costs = words.map((word) => languages.map((language) => wordCost(word, language, isCommon)))
  const inOne = languages.map((_, main) =>
    words.reduce((total, word, index) => total + leastCost(word, costs[index] ?? [], main), 0),
  )
  const signs = pieces.reduce((total, piece) => total + signCost(piece), 0)
  return {
    cost: Math.min(...inOne) + signs + spaceCost(text),
    words: words.length,
    strange: costs.filter((each) => Math.min(...each) === Infinity).length,
  }
}

/** Letters and signs in a row, one of them not ASCII. */
const piecesWithOthers = /(?<![a-z])[a-z]*(?:(?!\p{Z})[^\0-\x7F])+(?:[a-z]|(?!\p{Z})[^\0-\x7F])*/giu
const wordsWithOthers = /(?=[\p{L}\p{M}]*[^\0-\x7F])(?:(?![ªº])[\p{L}\p{M}])+/gu

function leastCost(word: string, each: readonly number[], main: number): number {
  const least = Math.min(...each.map((cost, language) => cost + (language === main ? 0 : otherLanguage)))
  return least === Infinity ? unknownLetter * (word.match(/[^\0-\x7F]/g)?.length ?? 1) : least
}

function wordCost(word: string, {letters, never}: Language, isCommon: IsCommon): number {
  const small = Array.from(word, (letter) => (letter === 'İ' ? 'ı' : letter.toLowerCase()))
  if (never?.test(small.join('')) === true) return Infinity
  const mayHaveAscii = typeof letters === 'string' && /\p{Script=Latin}/u.test(letters)
  const costs = small.map((letter) => {
    if (/[\0-\x7F]/.test(letter)) return mayHaveAscii ? 0 : Infinity
    return letterCost(letter, letters, isCommon)
  })
  const hasOddCapitals = !/^(?:\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]*|[\p{Lu}\p{M}]+)$/u.test(word)
  return costs.reduce((total, cost) => total + cost, hasOddCapitals ? oddCapitals : 0)
}

/** A letter of an alphabet is about as rare as its place says. */
function letterCost(letter: string, letters: Language['letters'], isCommon: IsCommon): number {
  if (typeof letters !== 'string') {
    if (!letters.pattern.test(letter)) return Infinity
    return Math.log(letters.count) + (isCommon(letter) ? 0 : uncommonLetter)
  }
  const all = Array.from(letters)
  const place = all.indexOf(letter)
  if (place === -1) return Infinity
  const whole = all.reduce((total, _, index) => total + 1 / (index + 2), 0)
  return Math.log(whole * (place + 2))
}

/** Signs around a word are usual; within one only an apostrophe and Catalan's middle dot are. */
function signCost(piece: string): number {
  const signs = [...piece.matchAll(/(?![\p{L}\p{M}])[^\0-\x7F]|[ªº]/gu)]
  return signs.reduce((total, {0: sign, index}) => {
    const isWithin = /\p{L}$/u.test(piece.slice(0, index)) && /^\p{L}/u.test(piece.slice(index + 1))
    return total + ((isWithin ? signsWithin : signsAround).test(sign) ? usualSign : unknownLetter)
  }, 0)
}

const signsWithin = /[’·]/
const signsAround = /[’‘“”„–—…€§°«»ªº·\u3000-\u3002\u30FB\uFF00-\uFF65]/u

/** A space that does not break is in few texts. */
function spaceCost(text: string): number {
  return oddSpace * new Set(text.match(/[^\n]{0,3}\u00A0[^\n]{0,3}/g) ?? []).size
}
