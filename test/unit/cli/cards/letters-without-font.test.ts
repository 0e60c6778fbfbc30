import {describe, expect, it} from 'vitest'
import {findBrowser} from '../../../../src/cli/cards/find-browser.js'
import {lettersWithoutFont} from '../../../../src/cli/cards/letters-without-font.js'

const browser = await findBrowser()
const {signal} = new AbortController()

describe('letters without a font', () => {
  it('need no browser in a text of Latin letters', async () => {
    expect(await lettersWithoutFont('Ana López, Łukasz Żółć', {browser: '/nowhere', signal})).toEqual([])
  })

  it.skipIf(browser === undefined)('are those that the browser draws as a box, each once', async () => {
    // Of the private use, for which no font is made.
    const text = 'Анна \u{10FFF0}\u{10FFF0} Ωμέγα'
    expect(await lettersWithoutFont(text, {browser: browser ?? '', signal})).toEqual(['\u{10FFF0}'])
  })
})
