import {JhubError} from '../../errors.js'
import {byteOrderMark, decodeUtf16, type ByteOrder} from '../../host/files/utf-16.js'
import {likeliest, readOlder} from './encodings/older-text.js'

export interface DecodedText {
  /** Without a byte order mark. */
  readonly text: string
  /** The encoding that was guessed, as `windows-1252`; absent where the bytes leave no doubt. */
  readonly guessed?: string
  /** How unlikely a guess is, to compare with another of the same bytes. */
  readonly cost: number
}

/**
 * The text of a file that any program may have written: UTF-8 and UTF-16, with a byte order mark or without, else the older
 * encoding in which it is words. Throws `JHUB-E100` for what is no text, and where nobody can say which text it is; `name`
 * says of what, and `isSecret` keeps its words out of the sentence.
 */
export async function decodeText(bytes: Uint8Array, name: string, {isSecret = false} = {}): Promise<DecodedText> {
  const texts = likeliest(await possibleTexts(bytes, name))
  const [first] = texts
  if (first === undefined) throw notText(name, 'is not UTF-8, and not text in another encoding that jhub knows')
  if (texts.length > 1) throw ambiguous(texts, name, {isSecret})
  return first
}

/** The texts that bytes can be, the likeliest first; one where they leave no doubt. Throws `JHUB-E100` for what is no text. */
export async function possibleTexts(bytes: Uint8Array, name: string): Promise<readonly DecodedText[]> {
  const encrypted = encryptedBy(bytes)
  if (encrypted !== undefined)
    throw new JhubError('JHUB-E100', `${name} is encrypted by ${encrypted}`, {
      fix: `Decrypt it, then run the same command again`,
    })
  const wide = asWide(bytes)
  if (wide !== undefined) return [{text: wide, cost: 0}]
  if (bytes.includes(0)) throw notText(name, 'has NUL bytes in it, so it is not a text file')
  const plain = withoutEndOfFile(bytes)
  const text = asUtf8(plain)
  return text === undefined ? olderTexts(plain) : [{text, cost: 0}]
}

/** Programs for DOS, and `copy` with several files, end a text with Ctrl-Z. */
function withoutEndOfFile(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0x1a) + 1)
}

/** That bytes are several texts, with a word in which they differ. */
export function ambiguous(texts: readonly DecodedText[], name: string, {isSecret = false} = {}): JhubError {
  const words = texts.map(({text}) => wordsOf(text))
  const at = words[0]?.findIndex((word, index) => words.some((other) => other[index] !== word)) ?? -1
  const ways = texts.slice(0, mostWays).map(({guessed = ''}, index) => {
    const word = words[index]?.[at]
    return isSecret || word === undefined ? guessed : `"${word}" in ${guessed}`
  })
  return new JhubError('JHUB-E100', `${name} is not UTF-8, and can be read in more than one way: ${ways.join(', ')}`, {
    fix: asUtf8File,
  })
}

const mostWays = 3
/** What to do with a file in another encoding. */
export const asUtf8File = 'Save it as UTF-8 (in Excel: "CSV UTF-8"), then run the same command again'

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,;:|"]+/u)
}

function notText(name: string, problem: string): JhubError {
  return new JhubError('JHUB-E100', `${name} ${problem}`, {
    fix: asUtf8File,
  })
}

/** UTF-16, which without a mark has a NUL beside every letter of ASCII. `undefined` for other bytes. */
function asWide(bytes: Uint8Array): string | undefined {
  const mark = byteOrderMark(bytes)
  const others = bytes.filter((byte) => byte !== 0)
  if (mark === undefined && others.length === bytes.length) return undefined
  const text = decodeUtf16(bytes, mark ?? orderByNuls(bytes))
  if (/[\0\uFFFD]/.test(text)) return undefined
  const isWide = mark !== undefined || others.length < bytes.length * mostBesideNul || asUtf8(others) === undefined
  return isWide || alphabetic.test(text) ? text : undefined
}

const mostBesideNul = 0.6
/** Read as UTF-16, two letters of ASCII are an ideograph. */
const alphabetic = new RegExp(
  `^(?:[\\0-\\x7F\\p{M}\\p{P}]|${['Latin', 'Cyrl', 'Greek', 'Hebr', 'Arab', 'Thai'].map((script) => `\\p{Script=${script}}`).join('|')})*$`,
  'u',
)

function orderByNuls(bytes: Uint8Array): ByteOrder {
  const places = [...bytes.keys()].filter((index) => bytes[index] === 0)
  return places.filter((index) => index % 2 === 1).length * 2 >= places.length ? 'utf-16le' : 'utf-16be'
}

/** `undefined` where the bytes are not UTF-8. */
function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch {
    return undefined
  }
}

async function olderTexts(bytes: Uint8Array): Promise<readonly DecodedText[]> {
  const readings = await readOlder(bytes)
  return readings.map(({text, encoding, cost}) => ({text, guessed: encoding, cost}))
}

function encryptedBy(bytes: Uint8Array): string | undefined {
  return startsWith(bytes, ...Buffer.from('\0GITCRYPT\0')) ? 'git-crypt' : undefined
}

function startsWith(bytes: Uint8Array, ...first: readonly number[]): boolean {
  return first.every((byte, index) => bytes[index] === byte)
}
