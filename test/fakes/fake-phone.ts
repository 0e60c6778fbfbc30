import jsqr from 'jsqr'

/** What a phone reads from a QR code that a page shows as SVG; `undefined` where it reads nothing. */
export function readCode(svg: string): string | undefined {
  const [scale, modules] = [4, Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]) / 10]
  const pixels = new Uint8ClampedArray((modules * scale) ** 2 * 4).fill(255)
  for (const [, x, y] of svg.matchAll(/M(\d+),(\d+)h/g))
    for (let row = 0; row < scale; row++)
      for (let column = 0; column < scale; column++) {
        const at = ((Number(y) / 10) * scale + row) * modules * scale + (Number(x) / 10) * scale + column
        pixels.fill(0, at * 4, at * 4 + 3)
      }
  return jsqr.default(pixels, modules * scale, modules * scale)?.data
}

/** The codes of a page, read one after the other. */
export function readCodes(page: string): readonly (string | undefined)[] {
  return [...page.matchAll(/<svg.*?<\/svg>/gs)].map(([svg]) => readCode(svg))
}
