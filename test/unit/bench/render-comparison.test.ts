import {describe, expect, it} from 'vitest'
import type {Bound, Comparison} from '../../bench/measure.js'
import {renderComparison, renderCount, renderTable, verdict} from '../../bench/render-comparison.js'

const compared = (ours: number, theirs: number, hold?: Bound): Comparison => ({
  what: 'up',
  ours,
  otherwise: 'by hand',
  theirs,
  ...(hold === undefined ? {} : {hold}),
})

describe('what a bench says of a bound', () => {
  it.each([
    [compared(20, 100, {times: 0.2}), 'held'],
    [compared(21, 100, {times: 0.2}), 'NOT HELD'],
    [compared(175, 25, {moreMs: 150}), 'held'],
    [compared(176, 25, {moreMs: 150}), 'NOT HELD'],
    [compared(600, 10, {ms: 600}), 'held'],
    [compared(601, 10_000, {ms: 600}), 'NOT HELD'],
    [compared(1, 0), ''],
    [compared(Number.NaN, 100, {times: 1}), 'NOT HELD'],
  ])('%o: %s', (comparison, expected) => {
    expect(verdict(comparison)).toBe(expected)
  })

  it('is a line with the ratio, what was measured and the bound', () => {
    expect(renderComparison(compared(1500, 3000, {times: 0.6}))).toBe(
      'up: 0.50 × by hand   (1.5 s against 3.0 s; to hold: ≤ 0.6 ×) held',
    )
    expect(renderComparison(compared(120, 25))).toBe('up: 4.80 × by hand   (120 ms against 25 ms; told only)')
  })

  it('counts what held and what did not, and names what was not measured', () => {
    const measured = [compared(1, 1, {times: 1}), compared(2, 1, {times: 1}), compared(2, 1)]
    expect(renderCount(measured, {skipped: [], failed: []})).toBe('1 held, 1 not held, 0 skipped')
    expect(renderCount(measured, {skipped: ['k8s'], failed: ['fifty', 'people']})).toBe(
      '1 held, 1 not held, 1 skipped; skipped: k8s; failed: fifty, people',
    )
  })

  it('is a row of a table, with memory in megabytes', () => {
    const memory = {...compared(42 * 1024 ** 2, 103 * 1024 ** 2, {times: 0.45}), unit: 'bytes' as const}
    expect(renderTable([memory]).split('\n').at(-1)).toBe(
      '| up | 0.41 × by hand | 42 MB against 103 MB | ≤ 0.45 × | held |',
    )
  })
})
