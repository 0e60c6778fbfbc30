import jsqr from 'jsqr'
import {describe, expect, it} from 'vitest'
import {renderQrCode} from '../../../../../src/cli/render/text/render-qr-code.js'

const url = 'http://192.168.100.120:8000/jupyter/'
const scale = 4

/** What a phone reads from the terminal: `ink` is the colour of the blocks, and the other one the background. */
function scan(code: string, ink: 0 | 255): string | undefined {
  const rows = code.split('\n').flatMap((line) => {
    const letters = line.match(/./g) ?? []
    return ['█▀', '█▄'].map((full) => letters.map((letter) => (full.includes(letter) ? ink : 255 - ink)))
  })
  const width = (rows[0]?.length ?? 0) * scale
  const pixels = rows.flatMap((row) =>
    Array.from({length: scale}, () =>
      row.flatMap((shade) => Array.from({length: scale}, () => [shade, shade, shade, 255])),
    ).flat(2),
  )
  return jsqr.default(Uint8ClampedArray.from(pixels), width, rows.length * scale, {inversionAttempts: 'dontInvert'})
    ?.data
}

describe('a code for phones', () => {
  it('is read in a dark terminal where there are no colours', () => {
    expect(scan(renderQrCode(url, {hasColors: false}), 255)).toBe(url)
  })

  it('is black on white with colours, whatever those of the terminal are', () => {
    const lines = renderQrCode(url, {hasColors: true}).split('\n')
    const bare = lines.map((line) => line.replace('\u001B[30;107m', '').replace('\u001B[0m', ''))
    expect(lines.every((line, index) => line === `\u001B[30;107m${bare[index] ?? ''}\u001B[0m`)).toBe(true)
    expect(scan(bare.join('\n'), 0)).toBe(url)
  })

  it('fits into a window of 60 columns', () => {
    const lines = renderQrCode(url, {hasColors: false}).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60)
  })
})
