import {expect, it} from 'vitest'
import {renderCardsPage} from '../../../../src/cli/cards/cards-page.js'
import {findBrowser} from '../../../../src/cli/cards/find-browser.js'
import {runBrowser} from '../../../../src/cli/cards/run-browser.js'
import type {Card} from '../../../../src/hub/cards.js'

const browser = await findBrowser()

const card = (name: string): Card => ({
  login: 'ana',
  name,
  groups: [],
  password: 'aaaa-bbbb-cccc',
  state: 'known',
  loginUrl: 'http://192.0.2.2:8000/hub/login?username=ana',
})

const page = (name: string) =>
  renderCardsPage({title: 'Data', wifi: null, address: 'http://192.0.2.2:8000', cards: [card(name)]}, 'a4')

it
  .skipIf(browser === undefined)
  .each([
    'Ana López de la Santísima Trinidad Fernández-Castellanos y Montalvo',
    'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff Sr.',
    '王小明',
  ])('a card shows the whole of the name %s', async (name) => {
  const script = `<p id="seen"></p><script>
const who = document.querySelector('.who'); document.getElementById('seen').textContent = who.scrollHeight <= who.clientHeight + 1
</script>`
  const seen = await runBrowser(page(name).replace('</body>', `${script}</body>`), {
    browser: browser ?? '',
    signal: new AbortController().signal,
    action: () => '--dump-dom',
    take: ({stdout}) => /<p id="seen">([^<]*)</.exec(stdout)?.[1],
  })
  expect(seen).toBe('true')
})
