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

function trimmed(text: string): string {
  return text.replace(/^[._+-]+|[._-]+$/g, '')
}
