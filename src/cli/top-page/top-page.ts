import type {Trouble} from '../../hub/top/people-trouble.js'
import type {PersonTop, ServerTop, TopResult} from '../../hub/top/top.js'
import {formatCpu} from '../../hub-spec/limits/quantity.js'
import {formatRoughMemory} from '../../hub-spec/limits/rough-memory.js'
import {haveNames, renderTopNotes, renderTrouble} from '../render/server/render-top.js'
import {printable} from '../render/text/printable.js'
import {renderMoment} from '../render/user/render-users.js'
import {script} from './page-script.js'
import {style} from './page-style.js'

/** A cell as people read it, and what it is sorted by where that is no text. */
interface Cell {
  readonly text: string
  readonly value?: number
}

/** What the page draws: plain text, never markup, since a person's name and a server's last words are in it. */
export interface TopRows {
  readonly title: string
  readonly heads: readonly string[]
  readonly rows: readonly {readonly cells: readonly Cell[]; readonly level: 'well' | 'note' | 'trouble'}[]
  readonly notes: readonly string[]
  /** As people read it: when it was looked. */
  readonly at: string
}

const measures = ['Memory', 'Memory limit', 'Cores', 'Core limit', 'Processes', 'Home', 'Since', 'Trouble'] as const

export function topRows(result: TopResult): TopRows {
  const empty = measures.slice(1).map(() => ({text: ''}))
  const isNamed = haveNames([...result.servers, ...result.others])
  const who = ({user, name}: PersonTop) => [{text: user}, ...(isNamed ? [words(name ?? '')] : [])]
  return {
    title: result.group === null ? result.hub : `${result.hub}: ${result.group}`,
    heads: ['User', ...(isNamed ? ['Name'] : []), ...measures],
    rows: [
      ...result.servers.map((server) => ({
        cells: [...who(server), ...cellsOf(server)],
        level: levelOf(server.trouble),
      })),
      ...result.others.map((person) => ({
        cells: [...who(person), ...empty, words(renderTrouble(person.trouble))],
        level: levelOf(person.trouble),
      })),
    ],
    notes: renderTopNotes(result).map(printable),
    at: renderMoment(result.at),
  }
}

function cellsOf(server: ServerTop): readonly Cell[] {
  return [
    cell(server.memoryBytes, formatRoughMemory),
    cell(server.memoryLimitBytes, formatRoughMemory),
    cell(server.cpuCores, (cores) => cores.toFixed(2)),
    cell(server.cpuLimitCores, formatCpu),
    cell(server.processes, String),
    cell(server.homeBytes, formatRoughMemory),
    {text: renderMoment(server.startedAt).split(' ')[1] ?? '', value: Date.parse(server.startedAt ?? '') || 0},
    words(renderTrouble(server.trouble)),
  ]
}

/** What somebody else wrote. */
function words(text: string): Cell {
  return {text: printable(text)}
}

function cell(value: number | null, format: (value: number) => string): Cell {
  return value === null ? {text: '', value: -1} : {text: format(value), value}
}

/** People who never logged in or are idle may be fine. */
function levelOf(trouble: readonly Trouble[]): 'well' | 'note' | 'trouble' {
  if (trouble.length === 0) return 'well'
  return trouble.every(({kind}) => kind === 'idle' || kind === 'never logged in') ? 'note' : 'trouble'
}

/** The page, which asks for its rows again and again. It needs no network but this computer. */
export function topPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>jhub top</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${style}</style>
</head>
<body>
<header><h1 id="title">jhub top</h1><p id="at" role="status">The first look takes some seconds.</p></header>
<main>
<table><thead><tr id="heads"></tr></thead><tbody id="rows"></tbody></table>
<div id="notes"></div>
</main>
<script nonce="${nonce}">${script}</script>
</body>
</html>
`
}
