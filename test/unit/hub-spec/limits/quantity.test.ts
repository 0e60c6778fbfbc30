import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {
  formatCpu,
  formatDuration,
  formatMemory,
  parseCpu,
  parseDuration,
  parseMemory,
} from '../../../../src/hub-spec/limits/quantity.js'

describe('memory', () => {
  it.each([
    ['512M', 512 * 1024 ** 2],
    ['2G', 2 * 1024 ** 3],
    ['2Gi', 2 * 1024 ** 3],
    ['1.5G', 1.5 * 1024 ** 3],
    ['512MiB', 512 * 1024 ** 2],
    ['2g', 2 * 1024 ** 3],
    ['1073741824', 1024 ** 3],
    [1024, 1024],
    ['1T', 1024 ** 4],
    [' 300 M ', 300 * 1024 ** 2],
  ])('reads %s', (text, bytes) => {
    expect(parseMemory(text)).toBe(bytes)
  })
  it.each(['', 'much', '-1G', '0', '1X', '1 2', 'G', '1e3', '99999999T', '0.0001K', 'NaN'])(
    'refuses %j with examples',
    (text) => {
      expect(() => parseMemory(text)).toThrow(
        expect.objectContaining({code: 'JHUB-E102', suggestions: [expect.stringContaining('512M')]}) as JhubError,
      )
    },
  )
  it('writes the shortest text that reads back the same', () => {
    expect([1024 ** 3, 1.5 * 1024 ** 3, 700 * 1024 ** 2, 1000, 1024].map(formatMemory)).toEqual([
      '1G',
      '1.5G',
      '700M',
      '1000',
      '1K',
    ])
    fc.assert(fc.property(fc.integer({min: 1, max: 2 ** 52}), (bytes) => parseMemory(formatMemory(bytes)) === bytes))
  })
})

describe('cores', () => {
  it.each([
    ['0.5', 0.5],
    ['500m', 0.5],
    ['2', 2],
    [1.25, 1.25],
    ['1500m', 1.5],
  ])('reads %s', (text, cores) => {
    expect(parseCpu(text)).toBe(cores)
  })
  it.each(['', '0', '-1', 'two', '1.5.1', '0.0001', '99999999', '1M'])('refuses %j', (text) => {
    expect(() => parseCpu(text)).toThrow(JhubError)
  })
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 1_000_000}),
        (thousandths) => parseCpu(formatCpu(thousandths / 1000)) === thousandths / 1000,
      ),
    )
  })
})

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['250ms', 250],
    ['1.5h', 5_400_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })
  it.each(['', '10', 10, '1x', 'h', '-1h', '0s', '1h 30m'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(JhubError)
  })
  it('reads back what it writes', () => {
    fc.assert(fc.property(fc.integer({min: 1, max: 2 ** 45}), (ms) => parseDuration(formatDuration(ms)) === ms))
  })
})
