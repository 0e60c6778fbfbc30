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
  const [first] = await possibleTexts(bytes, name)
  if (first === undefined) throw notText(name, 'is not a text file')
  return first
}

/** The texts that bytes can be, the most likely first; one where they leave no doubt. Throws `JHUB-E100` for what is no text. */
export async function possibleTexts(bytes: Uint8Array, name: string): Promise<readonly DecodedText[]> {
  const encrypted = encryptedBy(bytes)
  if (encrypted !== undefined)
    throw new JhubError('JHUB-E100', `${name} is encrypted by ${encrypted}`, {
      fix: `Decrypt it, then type the same again`,
    })
  if (isWide(bytes)) return [{text: await decodeWide(bytes, name)}]
  if (bytes.includes(0)) throw notText(name, 'has NUL bytes in it, which no text has')
  const text = asUtf8(bytes)
  return text === undefined ? olderTexts(bytes) : [{text}]
}

function notText(name: string, problem: string): JhubError {
  return new JhubError('JHUB-E100', `${name} ${problem}`, {
    fix: 'Save it as text in UTF-8, then type the same again',
  })
}

/** Whether text is UTF-16. Without a mark, every letter of ASCII has a NUL beside it, which no other text has. */
function isWide(bytes: Uint8Array): boolean {
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) return true
  const others = bytes.filter((byte) => byte !== 0)
  return others.length < bytes.length && (others.length < bytes.length * mostBesideNul || asUtf8(others) === undefined)
}

const mostBesideNul = 0.6

async function decodeWide(bytes: Uint8Array, name: string): Promise<string> {
  const {default: iconv} = await import('iconv-lite')
  const text = iconv.decode(Buffer.from(bytes), 'utf-16')
  if (/[\0\uFFFD]/.test(text)) throw notText(name, 'is not a text file')
  return text
}

/** `undefined` where the bytes are not UTF-8. */
function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Short lists give a detector little to go by: its candidates in which all that is not ASCII can be text come first, then what
 * Windows and DOS write most.
 */
async function olderTexts(bytes: Uint8Array): Promise<readonly DecodedText[]> {
  const [{default: iconv}, {default: chardet}] = await Promise.all([import('iconv-lite'), import('chardet')])
  const buffer = Buffer.from(bytes)
  const candidates = chardet.analyse(buffer.subarray(0, longestSample)).map(({name}) => supersets[name] ?? name)
  const all = [...(hasOldMacLines(bytes) ? ['macintosh'] : []), ...candidates, fallback, ...others]
  const decoded = [...new Set(all)]
    .filter((encoding) => !/^(?:UTF-|ASCII)/i.test(encoding) && iconv.encodingExists(encoding))
    .map((encoding) => ({text: iconv.decode(buffer, encoding), guessed: encoding.toLowerCase()}))
    .filter(({text}) => !text.includes('\uFFFD'))
  return [
    ...decoded.filter(({text}) => isPlausible(text)),
    ...decoded.filter(({text, guessed}) => !isPlausible(text) && guessed === fallback),
  ]
}

/** Line ends of the first Macs, which Excel on a Mac still writes, with their letters. */
function hasOldMacLines(bytes: Uint8Array): boolean {
  return bytes.includes(0x0d) && !bytes.includes(0x0a)
}

const fallback = 'windows-1252'
const others = ['windows-1250', 'windows-1254', 'cp850', 'euc-kr', 'gb18030', 'big5', 'shift_jis']
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
