import {expect, it} from 'vitest'
import {nearest} from '../../../../src/hub-spec/document/nearest.js'

it.each([
  ['stauts', ['start', 'status', 'stop'], 'status'],
  ['limts', ['limits', 'idle'], 'limits'],
  ['bne', ['ana', 'ben'], 'ben'],
  ['wang', ['ana', 'ben'], undefined],
  ['an', ['ana', 'ben'], 'ana'],
  ['zzzzzz', ['limits', 'idle'], undefined],
  ['anything', [], undefined],
])('the nearest word to %s of %j is %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected)
})
