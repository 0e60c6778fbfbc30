import {JhubError} from '../../errors.js'

export interface DecodedText {
  /** Without a byte order mark. */
  readonly text: string
  /** The encoding that was guessed, as `windows-1252`; absent where the bytes leave no doubt. */
  readonly guessed?: string
}

/**
 * The text of a file that any program may have written: UTF-8 and UTF-16, with a byte order mark or without, else the most
 * likely older encoding. Throws `JHUB-E100` for what is no text; `name` says of what.
 */
export async function decodeText(bytes: Uint8Array, name: string): Promise<DecodedText> {
  const isWide = startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff) || bytes.includes(0)
  if (!isWide) {
    const text = asUtf8(bytes)
    return text === undefined ? decodeOlder(bytes) : {text}
  }
  const encrypted = encryptedBy(bytes)
  if (encrypted !== undefined)
    throw new JhubError('JHUB-E100', `${name} is encrypted by ${encrypted}`, {
      fix: `Decrypt it, then type the same again`,
    })
  const {default: iconv} = await import('iconv-lite')
  const text = iconv.decode(Buffer.from(bytes), 'utf-16')
  if (/[\0\uFFFD]/.test(text))
    throw new JhubError('JHUB-E100', `${name} is not a text file`, {
      fix: 'Save it as text in UTF-8, then type the same again',
    })
  return {text}
}

/** `undefined` where the bytes are not UTF-8. */
function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch {
    return undefined
  }
}

/** Short lists give a detector little to go by: of its candidates, the first in which all that is not ASCII can be text. */
async function decodeOlder(bytes: Uint8Array): Promise<DecodedText> {
  const [{default: iconv}, {default: chardet}] = await Promise.all([import('iconv-lite'), import('chardet')])
  const buffer = Buffer.from(bytes)
  const candidates = chardet.analyse(buffer.subarray(0, longestSample)).map(({name}) => supersets[name] ?? name)
  const decoded = [...candidates, fallback, 'windows-1250']
    .filter((encoding) => !/^(?:UTF-|ASCII)/i.test(encoding) && iconv.encodingExists(encoding))
    .map((encoding) => ({text: iconv.decode(buffer, encoding), guessed: encoding.toLowerCase()}))
  return decoded.find(({text}) => isPlausible(text)) ?? {text: iconv.decode(buffer, fallback), guessed: fallback}
}

const fallback = 'windows-1252'
const longestSample = 65_536

/** What Windows writes under these names has more letters, at the same places. */
const supersets: Readonly<Record<string, string>> = {
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-9': 'windows-1254',
}

const ideograph = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}]'
const implausible = [
  /[^\0-\x7F\p{L}\p{M}’‘“”„–—…€·«»\u00A0\u3000-\u3002\u30FB\u30FC]/u,
  new RegExp(`[a-z]${ideograph}|${ideograph}[a-z]`, 'iu'),
]

function isPlausible(text: string): boolean {
  return implausible.every((pattern) => !pattern.test(text))
}

function encryptedBy(bytes: Uint8Array): string | undefined {
  return startsWith(bytes, ...Buffer.from('\0GITCRYPT\0')) ? 'git-crypt' : undefined
}

function startsWith(bytes: Uint8Array, ...first: readonly number[]): boolean {
  return first.every((byte, index) => bytes[index] === byte)
}
