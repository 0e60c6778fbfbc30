/** For a projector, a laptop and a phone, in light and dark. */
export const style = `
:root { --ink: #1d2433; --paper: #ffffff; --line: #d8dce5; --quiet: #5b6475; --note: #7a5a00; --bad: #b3261e; --bad-paper: #fdecea; --note-paper: #fff7e0 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7eaf1; --paper: #12151c; --line: #2c3340; --quiet: #a2abbc; --note: #f0c96a; --bad: #ff9a92; --bad-paper: #3a1a19; --note-paper: #33290f }
}
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: var(--paper); color: var(--ink); font: 16px/1.4 system-ui, sans-serif }
header { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; justify-content: space-between; margin-bottom: .75rem }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere }
#at { margin: 0; color: var(--quiet) }
#at.lost { color: var(--bad); font-weight: 600 }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
td { overflow-wrap: anywhere }
th { position: sticky; top: 0; background: var(--paper); white-space: nowrap }
th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer }
th[aria-sort] button::after { content: " ↓" }
th[aria-sort=ascending] button::after { content: " ↑" }
th.number { text-align: right }
td.number { text-align: right; white-space: nowrap }
td:first-child { font-weight: 600; min-width: 9rem }
td:last-child { min-width: 12rem }
tr.trouble td { background: var(--bad-paper) }
tr.trouble td:last-child { color: var(--bad) }
tr.note td:last-child { color: var(--note) }
#notes { margin-top: 1rem; color: var(--quiet); white-space: pre-wrap; overflow-wrap: anywhere }
@media (max-width: 700px) {
  thead tr { display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding-bottom: .5rem }
  th { position: static; border: 0; padding: 0 }
  tbody tr { display: block; border: 1px solid var(--line); border-radius: .5rem; margin-bottom: .6rem; overflow: hidden }
  td, td.number { display: flex; justify-content: space-between; gap: 1rem; text-align: right; white-space: normal; border: 0; padding: .25rem .75rem }
  td:first-child { font-size: 1.1rem; min-width: 0; padding-top: .6rem }
  td:last-child { min-width: 0; padding-bottom: .6rem }
  td::before { flex: none; content: attr(data-head); color: var(--quiet); font-weight: 400; text-align: left }
  td:empty { display: none }
}
`
