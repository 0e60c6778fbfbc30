import {countPeople} from '../../hub-spec/people/count-people.js'
import {formatRoughMemory} from '../../hub-spec/limits/rough-memory.js'
import type {RehearsalResult} from '../../hub/rehearse/rehearsal-result.js'
import {listNames} from '../../jupyterhub/list-names.js'
import {formatSeconds, headline, renderUse, timesOf} from '../render/render-rehearsal.js'
import {printable} from '../render/text/printable.js'
import {drawCurves} from './draw-curves.js'
import {escaped} from '../../hub-spec/escaped.js'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3

/** What a rehearsal says, as one page with its curves. It needs no network and runs no program. */
export function renderReport(result: RehearsalResult, at: Date): string {
  const {hub, people, finished, address} = result
  const isGood = finished === people
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Rehearsal of ${escaped(hub)}, ${String(people)} people</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="where">${escaped(hub)} · ${escaped(address)} · ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC</p>
<h1>${result.room.people === null ? 'Rehearsal' : `Room for ${countPeople(result.room.people)}`}</h1>
<p class="${isGood ? 'good' : 'bad'}">${text(headline(result))}</p>
</header>
${renderTimes(result)}
${renderCurves(result)}
<section><h2>What it used</h2>${renderUse(result)
    .map((line) => `<p>${text(line)}</p>`)
    .join('\n')}</section>
${renderFailures(result)}
${renderRoom(result)}
</main>
</body>
</html>
`
}

function text(words: string): string {
  return escaped(printable(words))
}

function renderTimes(result: RehearsalResult): string {
  const rows = timesOf(result).map(({what, spread}) =>
    spread === null
      ? `<tr><th scope="row">${what}</th><td colspan="4">nobody got so far</td></tr>`
      : `<tr><th scope="row">${what}</th>${[spread.p50Ms, spread.p95Ms, spread.mostMs]
          .map((each) => `<td>${formatSeconds(each)}</td>`)
          .join('')}<td>${String(spread.count)}</td></tr>`,
  )
  const note = result.signIn === 'measured' ? '' : '<p>The login was not measured: people sign in elsewhere.</p>'
  return `<section><h2>How long each stage took</h2><div class="wide"><table>
<thead><tr><td></td><th scope="col">half within</th><th scope="col">95 % within</th><th scope="col">slowest</th><th scope="col">measured</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>${note}</section>`
}

function renderCurves({curves, lastedMs}: RehearsalResult): string {
  const people = drawCurves({
    title: 'People',
    lastedMs,
    format: String,
    curves: [
      {name: 'arrived', style: 'one', points: curves.arrived, isCount: true},
      {name: 'first cell done', style: 'two below-others', points: curves.ready, isCount: true},
      {name: 'notebook done', style: 'three', points: curves.finished, isCount: true},
    ],
  })
  if (curves.memory.length === 0) return people
  const largest = Math.max(...curves.memory.map(({value}) => value))
  const memory = drawCurves({
    title: 'Memory of all servers',
    lastedMs,
    format: (value) => (value === 0 ? '0' : formatRoughMemory(value)),
    unit: largest > 2 * gibibyte ? gibibyte / 2 : 64 * mebibyte,
    curves: [{name: 'memory', style: 'two', points: curves.memory, isCount: false}],
  })
  const cores = drawCurves({
    title: 'Cores of all servers',
    lastedMs,
    format: (value) => value.toFixed(1),
    unit: 0.1,
    curves: [{name: 'cores', style: 'three', points: curves.cores, isCount: false}],
  })
  return `${people}\n${memory}\n${cores}`
}

function renderFailures({failures}: RehearsalResult): string {
  if (failures.length === 0) return ''
  const items = failures.map(
    ({stage, cause, people}) =>
      `<li><strong>${String(people.length)} at ${stage}</strong>: ${text(cause)} <small>${text(listNames(people))}</small></li>`,
  )
  return `<section><h2>Who failed, and why</h2><ul>${items.join('\n')}</ul></section>`
}

function renderRoom({room, advice}: RehearsalResult): string {
  const reckoning = room.reckoning.map((line) => `<li>${text(line)}</li>`).join('\n')
  const more = advice.map(({what, how}) => `<li>${text(what)}: <code>${text(how)}</code></li>`).join('\n')
  return `<section><h2>How many fit</h2>${reckoning === '' ? '<p>Neither memory nor a limit of servers was seen.</p>' : `<ul>${reckoning}</ul>`}
${more === '' ? '' : `<h3>For more</h3><ul>${more}</ul>`}</section>`
}

const style = `
:root { --back: #ffffff; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --one: #818b98; --two: #0969da; --three: #bc4c00; --good: #1a7f37; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #f0f6fc; --quiet: #9198a1; --line: #3d444d; --one: #9198a1; --two: #4493f8; --three: #f0883e; --good: #3fb950; --bad: #f85149; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, "Noto Sans", sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; }
h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; }
h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
p, ul { margin: .4rem 0; overflow-wrap: anywhere; }
.where, small, figcaption { color: var(--quiet); }
figcaption strong { color: var(--text); margin-right: .5rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th[scope="row"] { text-align: left; font-weight: normal; }
thead th { font-weight: 600; color: var(--quiet); font-size: .85rem; }
figure { margin: 1.5rem 0 0; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--quiet); font-size: 13px; }
@media (max-width: 40rem) { svg text { font-size: 21px; } h1 { font-size: 1.6rem; } th, td { padding: .3rem .2rem; font-size: .85rem; white-space: normal; } thead th { font-size: .72rem; } }
.left { text-anchor: end; dominant-baseline: middle; } .below { text-anchor: middle; }
.grid { stroke: var(--line); }
.curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
path.one { stroke: var(--one); stroke-dasharray: 5 4; } path.two { stroke: var(--two); } path.three { stroke: var(--three); }
path.below-others { stroke-width: 6; opacity: .55; }
.key { margin-right: .8rem; white-space: nowrap; } .key i { display: inline-block; width: 1.2rem; height: .2rem; margin-right: .3rem; vertical-align: middle; }
i.one { background: var(--one); } i.two { background: var(--two); } i.three { background: var(--three); }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
`
