import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {arrivals, countOverTime, quantile, spreadOf} from '../../../src/load/statistics.js'

const times = fc.array(fc.integer({min: 0, max: 1_000_000}), {minLength: 1, maxLength: 200})
const share = fc.double({min: 0, max: 1, noNaN: true})

describe('a quantile', () => {
  it('is a measured value that at least the share does not exceed, and the smallest such', () => {
    fc.assert(
      fc.property(times, share, (values, q) => {
        const found = quantile(values, q) ?? Number.NaN
        const upTo = (limit: number) => values.filter((value) => value <= limit).length
        expect(values).toContain(found)
        expect(upTo(found)).toBeGreaterThanOrEqual(Math.min(values.length, q * values.length))
        const smaller = values.filter((value) => value < found)
        if (smaller.length > 0) expect(upTo(Math.max(...smaller))).toBeLessThan(q * values.length)
      }),
    )
  })

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(times, share, (values, q) => {
        expect(quantile(values.toReversed(), q)).toBe(quantile(values, q))
      }),
    )
  })

  it('of nothing is nothing', () => {
    expect([quantile([], 0.5), spreadOf([])]).toEqual([undefined, null])
  })
})

describe('a spread', () => {
  it('is in order, and counts what it is of', () => {
    fc.assert(
      fc.property(times, (values) => {
        const {count, p50Ms, p95Ms, mostMs} = spreadOf(values) ?? {count: 0, p50Ms: 0, p95Ms: 0, mostMs: 0}
        expect(count).toBe(values.length)
        expect(p50Ms).toBeLessThanOrEqual(p95Ms)
        expect(p95Ms).toBeLessThanOrEqual(mostMs)
        expect(mostMs).toBe(Math.max(...values))
      }),
    )
  })
})

describe('people over time', () => {
  it('never become fewer, and all are there in the end', () => {
    fc.assert(
      fc.property(times, (moments) => {
        const curve = countOverTime(moments)
        expect(curve.at(-1)).toEqual({atMs: Math.max(...moments), value: moments.length})
        for (const [index, {atMs, value}] of curve.slice(1).entries()) {
          expect(atMs).toBeGreaterThanOrEqual(curve[index]?.atMs ?? Infinity)
          expect(value).toBe(index + 1)
        }
      }),
    )
  })

  it('arrive evenly within the time, the first at once', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 500}), fc.integer({min: 1, max: 600_000}), (count, overMs) => {
        const moments = arrivals(count, overMs)
        expect(moments).toHaveLength(count)
        expect(moments[0]).toBe(0)
        expect(Math.max(...moments)).toBeLessThanOrEqual(overMs)
        for (const [index, moment] of moments.slice(1).entries())
          expect(Math.abs(moment - (moments[index] ?? 0) - overMs / count)).toBeLessThanOrEqual(1)
      }),
    )
  })
})
