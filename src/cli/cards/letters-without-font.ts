import {cardFonts} from './cards-page.js'
import {runBrowser} from './run-browser.js'

/** Letters of a text for which the browser has no font, each once: it draws a box in their place. */
export async function lettersWithoutFont(
  text: string,
  {browser, signal}: {readonly browser: string; readonly signal: AbortSignal},
): Promise<readonly string[]> {
  // Every font of a computer has the letters of Latin.
  const letters = [...new Set(text.normalize('NFC').match(/[\p{L}\p{N}\p{Co}]/gu))].filter(
    (letter) => letter > '\u024F',
  )
  if (letters.length === 0) return []
  const without = await runBrowser(pageThatDraws(letters), {
    browser,
    signal,
    action: () => '--dump-dom',
    take: ({stdout}) => /<p id="without">([\d ]*)<\/p>/.exec(stdout)?.[1] ?? '',
  })
  return without
    .split(' ')
    .filter((code) => code !== '')
    .map((code) => String.fromCodePoint(Number(code)))
}

/** A page that draws each letter, and says which look like one that no font has. */
function pageThatDraws(letters: readonly string[]): string {
  const codes = letters.map((letter) => letter.codePointAt(0))
  return `<!doctype html><meta charset="utf-8"><p id="without"></p><script>
const context = Object.assign(document.createElement('canvas'), {width: 64, height: 64}).getContext('2d')
context.font = '32px ${cardFonts}'
const drawn = (code) => {
  context.clearRect(0, 0, 64, 64)
  context.fillText(String.fromCodePoint(code), 8, 48)
  return context.getImageData(0, 0, 64, 64).data.join()
}
const none = drawn(0x10fffd)
document.getElementById('without').textContent = ${JSON.stringify(codes)}.filter((code) => drawn(code) === none).join(' ')
</script>`
}
