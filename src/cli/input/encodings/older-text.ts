import {judgeReading, type Judgement} from './judge-reading.js'
import {encodingFamilies, type EncodingFamily} from './languages.js'

/** A text, and the encoding in which bytes are that text. */
export interface Reading {
  readonly text: string
  readonly encoding: string
  /** How unlikely it is, to compare with another reading of the same bytes. */
  readonly cost: number
}

interface Judged extends Judgement {
  readonly encoding: string
}

const longestSample = 65_536
/** What it costs that an encoding is of old systems. */
const ofOldSystems = 3
/** A reading that costs so much more than the best is none. */
const clearly = 3
/** The share of a text's words that may belong to no known language. */
const mostStrange = 0.2

/** The readings that may be meant: one where no other comes near it. */
export function likeliest<Reading extends {readonly cost: number}>(readings: readonly Reading[]): readonly Reading[] {
  const least = Math.min(...readings.map(({cost}) => cost))
  return readings.filter(({cost}) => cost < least + clearly)
}

/** The texts that bytes can be which are not UTF-8, the likeliest first; none where they are words of no language that is known here. */
export async function readOlder(bytes: Uint8Array): Promise<readonly Reading[]> {
  const {default: iconv} = await import('iconv-lite')
  const decode = (some: Uint8Array, encoding: string) => iconv.decode(Buffer.from(some), encoding)
  const sample = bytes.length <= longestSample ? bytes : bytes.subarray(0, endOfLine(bytes))
  const judged = encodingFamilies.flatMap((family) =>
    encodingsOf(family, bytes).flatMap(({encoding, cost}): readonly Judged[] => {
      const text = decode(sample, encoding)
      if (noText.test(text)) return []
      const isCommon = (letter: string) => isOfDailyUse(encoding, iconv.encode(letter, encoding))
      const judgement = judgeReading(text, family.languages, isCommon)
      return [{encoding, ...judgement, cost: judgement.cost + cost}]
    }),
  )
  const readings = judged
    .filter(({words, strange}) => strange <= words * mostStrange)
    .map(({encoding, cost}) => ({encoding, cost, text: decode(bytes, encoding)}))
    .filter(({text}) => !noText.test(text))
  return [...Map.groupBy(readings, ({text}) => text).values()]
    .flatMap(([first, ...same]) =>
      first === undefined ? [] : [{...first, cost: Math.min(first.cost, ...same.map(({cost}) => cost))}],
    )
    .toSorted((one, other) => one.cost - other.cost)
}

/** What a decoder makes of bytes that are not of its encoding. */
const noText = /[\uFFFD\u0080-\u009F\uE000-\uF8FF]/

/** Excel on a Mac still writes the line ends of the first Macs, with their letters. */
function encodingsOf({encodings, rare = []}: EncodingFamily, bytes: Uint8Array) {
  const hasMacLines = bytes.includes(0x0d) && !bytes.includes(0x0a)
  const isUsual = (encoding: string) => (hasMacLines ? encoding.startsWith('mac') : encodings.includes(encoding))
  return [...encodings, ...rare].map((encoding) => ({encoding, cost: isUsual(encoding) ? 0 : ofOldSystems}))
}

function endOfLine(bytes: Uint8Array): number {
  const end = bytes.subarray(0, longestSample).findLastIndex((byte) => byte === 0x0a || byte === 0x0d)
  return end === -1 ? bytes.length : end
}

/** Whether the standard of an East Asian encoding has a letter in its first level. */
function isOfDailyUse(encoding: string, code: Uint8Array): boolean {
  const [first = 0, second = 0] = code
  switch (encoding) {
    case 'gb18030':
      return code.length === 2 && first >= 0xb0 && first <= 0xd7 && second >= 0xa1
    case 'big5':
      return first >= 0xa4 && first <= 0xc6
    case 'shift_jis':
      return first <= 0x98
    case 'euc-jp':
      return first <= 0xcf && first !== 0x8f
    default:
      return true
  }
}
