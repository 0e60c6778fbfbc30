import {JhubError} from '../../../errors.js'

/**
 * Throws `JHUB-E100` for a list that was UTF-8, was taken for Windows-1252 by a program, and was saved as UTF-8 by it: `JÃ¶rg`
 * stands there for Jörg. `isSecret` keeps its words out of the sentence.
 */
export async function requireOnceEncoded(
  {name, text}: {readonly name: string; readonly text: string},
  {isSecret = false} = {},
): Promise<void> {
  const places = [...text.matchAll(/(?<![a-z])[a-z]*(?:(?:[ÃÄÅ]|â€)[^\0-\x7F][a-z]*)+/giu)]
  if (places.length === 0) return
  const {default: iconv} = await import('iconv-lite')
  for (const [word] of places) {
    const meant = asUtf8(Buffer.concat(Array.from(word, (sign) => byteOf(sign, iconv.encode))))
    if (meant === undefined) continue
    throw new JhubError(
      'JHUB-E100',
      `${name} was converted to UTF-8 twice${isSecret ? '' : `, so letters are wrong: "${word}" stands for "${meant}"`}`,
      {fix: 'Export the list again, and open it as UTF-8'},
    )
  }
}

/** The byte that was taken for a sign of Windows-1252. */
function byteOf(sign: string, encode: (text: string, encoding: string) => Uint8Array): Uint8Array {
  const code = sign.codePointAt(0) ?? 0
  return code <= 0xff ? Uint8Array.of(code) : encode(sign, 'windows-1252')
}

function asUtf8(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes)
  return text.includes('\uFFFD') ? undefined : text
}
