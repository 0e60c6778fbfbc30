import {expect, it} from 'vitest'
import {findBrowser} from '../../../../src/cli/cards/find-browser.js'
import {runBrowser} from '../../../../src/cli/cards/run-browser.js'
import {style} from '../../../../src/cli/top-page/page-style.js'

const browser = await findBrowser()
const {signal} = new AbortController()

const longName = 'Maximiliana Theodora Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh'
const heads = ['User', 'Name', 'Memory', 'Memory limit', 'Cores', 'Core limit', 'Processes', 'Home', 'Since', 'Trouble']
const cells = (...texts: string[]) => `<tr>${texts.map((text) => `<td data-head="Name">${text}</td>`).join('')}</tr>`
const numbers = ['33M', '1.0G', '0.00', '1', '2', '0M', '00:37']
const table = `<style>${style}</style><table><thead><tr>${heads.map((head) => `<th><button>${head}</button></th>`).join('')}</tr></thead><tbody>
${cells('somchai', 'Somchai', ...numbers, 'never logged in')}${cells('long', longName, ...numbers, 'never logged in')}</tbody></table>`

/** Shows the table in a frame of a width, and gives what `seen` says of its document. */
async function inFrame(width: number, seen: string): Promise<unknown> {
  const page = `<!doctype html><meta charset="utf-8"><p id="seen"></p><script>
const frame = Object.assign(document.createElement('iframe'), {width: ${String(width)}, height: 800, srcdoc: ${JSON.stringify(table).replaceAll('</', '<\\/')}})
frame.onload = () => { const page = frame.contentDocument; document.getElementById('seen').textContent = JSON.stringify(${seen}) }
document.body.append(frame)
</script>`
  return runBrowser(page, {
    browser: browser ?? '',
    signal,
    action: () => '--dump-dom',
    take: ({stdout}) => JSON.parse(/<p id="seen">([^<]*)<\/p>/.exec(stdout)?.[1] ?? 'null') as unknown,
  })
}

it.skipIf(browser === undefined)('on a phone no name makes the page wider than the screen', async () => {
  expect(await inFrame(390, 'page.documentElement.scrollWidth <= page.documentElement.clientWidth')).toBe(true)
})

it.skipIf(browser === undefined)('on a laptop a long name breaks no login and no trouble of others', async () => {
  const first = `page.querySelector('tbody tr').getBoundingClientRect().height`
  expect(await inFrame(1280, `${first} < 50`)).toBe(true)
})

it.skipIf(browser === undefined)('on a phone a long trouble leaves the word before it on one line', async () => {
  const trouble = `page.querySelector('tbody tr:last-child td:last-child')`
  const width = `(${trouble}.textContent = 'server failed: '.repeat(20),
    parseFloat(page.defaultView.getComputedStyle(${trouble}, '::before').width))`
  expect(await inFrame(390, width)).toBeGreaterThan(30)
})
