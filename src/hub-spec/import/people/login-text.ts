/** Letters that no decomposition turns into ASCII. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/** The part of an address before the `@`, as a login; empty where nothing of it can be one. */
export function loginFromEmail(email: string): string {
  return trimmed(
    (email.split('@')[0] ?? '')
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}._+-]/gu, ''),
  )
}

/** A login made of a name: `Ana López García` is `ana.lopez.garcia`; scripts without accents stay as they are. */
export function loginFromName(name: string): string {
  const folded = plainLatin(name)
  const words = folded.replace(/['’ʼ`´]/g, '').split(/[^\p{L}\p{M}\p{N}-]+/u)
  return trimmed(words.filter((word) => word !== '').join('.'))
}

/** Small letters, those of the Latin script without what `a` to `z` do not have; other scripts stay as they are. */
export function plainLatin(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .replace(/[ßæœøłđðþı]/g, (letter) => plainLetters[letter] ?? letter)
}

/** Digits of any script as 0 to 9, which every keyboard has. */
export function plainDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    const zero = zeros.findLast((first) => first <= code) ?? code
    return code - zero < 10 ? String(code - zero) : digit
  })
}

/** Of Arabic, Persian, N'Ko, the scripts of India, Sinhala, Thai, Lao, Tibetan, Burmese, Khmer and Mongolian. */
const zeros = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
  0x1040, 0x17e0, 0x1810,
]

function trimmed(text: string): string {
  return text.replace(/^[._+-]+|[._-]+$/g, '')
}
