import {renderSVG} from 'uqr'
import type {Card, CardsResult} from '../../hub/cards.js'
import {escaped} from '../../hub-spec/escaped.js'

export type Paper = 'a4' | 'letter'

/** The size of a card, so that eight and the margins fill a page. */
const cardSizes: Readonly<Record<Paper, string>> = {
  a4: '--width: 95mm; --height: 69mm;',
  letter: '--width: 98mm; --height: 65mm;',
}

/** For letters of every script, as far as the computer has fonts for them. */
export const cardFonts = 'system-ui, "Noto Sans", "Noto Sans CJK SC", "Noto Sans Arabic", sans-serif'

const perPage = 8

/** A page to print, eight cards to a sheet, with lines to cut along. It needs no network. */
export function renderCardsPage(result: CardsResult, paper: Paper): string {
  const {cards, title} = result
  const sheets = Array.from({length: Math.ceil(cards.length / perPage)}, (_, index) =>
    cards.slice(index * perPage, (index + 1) * perPage),
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}: cards</title>
<style>${styleOf(paper)}</style>
</head>
<body>
${sheets.map((sheet) => `<section class="sheet">\n${sheet.map((card) => renderCard(card, result)).join('\n')}\n</section>`).join('\n')}
</body>
</html>
`
}

/** Of a name in large letters, on two lines of a card. */
const mostLetters = 32

function renderCard(card: Card, {title, wifi, address}: CardsResult): string {
  return `<article class="card">
<header><bdi class="title">${escaped(title)}</bdi>${wifi === null ? '' : `<span class="wifi">Wi-Fi: <bdi>${escaped(wifi)}</bdi></span>`}</header>
<div class="${card.name.length > mostLetters ? 'long who' : 'who'}"><bdi>${escaped(card.name)}</bdi></div>
<div class="code">${renderSVG(card.loginUrl, {ecc: 'M', border: 2})}</div>
<dl>
<dt>Address</dt><dd class="address"><bdi>${escaped(address)}</bdi></dd>
<dt>Login</dt><dd><bdi>${escaped(card.login)}</bdi></dd>
<dt>Password</dt><dd>${renderPassword(card)}</dd>
</dl>
</article>`
}

function renderPassword({password, state}: Card): string {
  if (password !== null) return `<span class="secret">${escaped(password)}</span>`
  return state === 'chosen' ? '<em>your own, as you chose it</em>' : '<em>ask for a new one</em>'
}

function styleOf(paper: Paper): string {
  return `
@page { size: ${paper === 'a4' ? 'A4' : 'letter'}; margin: 8mm; }
:root { ${cardSizes[paper]} }
* { box-sizing: border-box; }
body { margin: 0; background: white; color: black; font: 10.5pt/1.3 ${cardFonts}; }
.sheet { display: grid; grid-template-columns: repeat(2, var(--width)); grid-auto-rows: var(--height); justify-content: center; break-after: page; }
.sheet:last-child { break-after: auto; }
.card { display: grid; grid-template: auto auto 1fr / 1fr 30mm; gap: 1mm 3mm; padding: 5mm; overflow: hidden; border: 0.2mm dashed #999; break-inside: avoid; }
.card header { grid-column: 1 / -1; display: flex; justify-content: space-between; gap: 3mm; font-size: 8.5pt; color: #444; }
.card header > * { min-width: 0; overflow-wrap: anywhere; }
.title { font-weight: 600; }
.who { grid-column: 1 / -1; font-size: 14pt; font-weight: 600; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
.long { font-size: 10pt; -webkit-line-clamp: 3; }
.code { grid-column: 2; grid-row: 3; }
.code svg { display: block; width: 30mm; height: 30mm; }
dl { grid-column: 1; grid-row: 3; margin: 0; min-width: 0; }
dt { font-size: 7.5pt; color: #555; }
dd { margin: 0 0 1.2mm; font-weight: 600; overflow-wrap: anywhere; }
dd em { font-weight: normal; }
.address { font-size: 9pt; }
.secret { font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", Consolas, monospace; white-space: nowrap; }
@media screen { body { padding: 1rem 0; overflow-x: auto; } .sheet { margin-bottom: 1rem; } }
@media screen and (max-width: 200mm) { .sheet { grid-template-columns: min(var(--width), 96vw); grid-auto-rows: auto; } }
`
}
