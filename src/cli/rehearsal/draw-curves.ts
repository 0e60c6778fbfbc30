import type {CurvePoint} from '../../load/statistics.js'
import {escaped} from '../../hub-spec/escaped.js'

export interface Curve {
  readonly name: string
  /** A class of the page's style: `one`, `two`, `three`. */
  readonly style: string
  readonly points: readonly CurvePoint[]
  /** Its value stays until the next point, as a count does; else the points are joined. */
  readonly isCount: boolean
}

export interface Chart {
  readonly title: string
  readonly curves: readonly Curve[]
  /** Where the time ends, in milliseconds. */
  readonly lastedMs: number
  /** A value as the axis shows it. */
  readonly format: (value: number) => string
  /** Steps between marks of the axis are whole numbers times this. Default: 1. */
  readonly unit?: number
}

const [width, height] = [720, 260]
const margin = {left: 76, right: 44, top: 12, bottom: 40}
const inner = {width: width - margin.left - margin.right, height: height - margin.top - margin.bottom}

/** Curves over time as one SVG that needs nothing else, with its key. */
export function drawCurves({title, curves, lastedMs, format, unit = 1}: Chart): string {
  const most = Math.max(unit, ...curves.flatMap(({points}) => points.map(({value}) => value)))
  const valueMarks = marks(most, 4, unit)
  const timeMarks = marks(Math.max(1, lastedMs) / 1000, 8, 1)
  const topValue = valueMarks.at(-1) ?? most
  const endSeconds = Math.max(timeMarks.at(-1) ?? 1, lastedMs / 1000)
  const x = (atMs: number) => round(margin.left + (atMs / 1000 / endSeconds) * inner.width)
  const y = (value: number) => round(margin.top + inner.height - (value / topValue) * inner.height)
  const [right, bottom] = [margin.left + inner.width, margin.top + inner.height]
  const grid = valueMarks.map(
    (value) =>
      `<line class="grid" x1="${String(margin.left)}" x2="${String(right)}" y1="${y(value)}" y2="${y(value)}"/><text x="${String(margin.left - 8)}" y="${y(value)}" class="left">${escaped(format(value))}</text>`,
  )
  const times = timeMarks.map(
    (seconds) => `<text x="${x(seconds * 1000)}" y="${String(bottom + 26)}" class="below">${String(seconds)} s</text>`,
  )
  const lines = curves.map(
    ({style, points, isCount}) => `<path class="curve ${style}" d="${pathOf(points, {x, y, isCount, lastedMs})}"/>`,
  )
  return `<figure>
<figcaption><strong>${escaped(title)}</strong> ${curves.map(({name, style}) => `<span class="key"><i class="${style}"></i>${escaped(name)}</span>`).join(' ')}</figcaption>
<svg viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${escaped(title)}">
${[...grid, ...times, ...lines].join('\n')}
</svg>
</figure>`
}

interface Scales {
  readonly x: (atMs: number) => string
  readonly y: (value: number) => string
  readonly isCount: boolean
  readonly lastedMs: number
}

function pathOf(points: readonly CurvePoint[], {x, y, isCount, lastedMs}: Scales): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const last = points.at(-1) ?? first
  const steps = rest.map(({atMs, value}) => (isCount ? `H${x(atMs)}V${y(value)}` : `L${x(atMs)} ${y(value)}`))
  const end = isCount && last.atMs < lastedMs ? [`H${x(lastedMs)}`] : []
  return [`M${x(first.atMs)} ${y(first.value)}`, ...steps, ...end].join('')
}

/** From 0 past `most` in equal steps that are easy to read: 1, 2 or 5 times a power of ten, times `unit`. At most `count` + 2. */
export function marks(most: number, count: number, unit: number): readonly number[] {
  const rough = most / unit / count
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)))
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power * unit
  return Array.from({length: Math.ceil(most / step) + 1}, (_, index) => index * step)
}

function round(value: number): string {
  return value.toFixed(1)
}
