import {renderUnicodeCompact} from 'uqr'

const [blackOnWhite, asBefore] = ['\u001B[30;107m', '\u001B[0m']

/**
 * An address as a code for phones, two rows of it in each line. With colours it is black on white in any terminal; without,
 * it is drawn for a dark one.
 */
export function renderQrCode(url: string, {hasColors}: {readonly hasColors: boolean}): string {
  const code = renderUnicodeCompact(url, {ecc: 'M', border: 2, invert: hasColors})
  if (!hasColors) return code
  return code
    .split('\n')
    .map((line) => `${blackOnWhite}${line}${asBefore}`)
    .join('\n')
}
