import {expect, it} from 'vitest'
import {isQuarterDone} from '../../../../src/hub/session/settle-some.js'

it.each([
  [6, [2, 3, 5]],
  [30, [8, 15, 23]],
  [3000, [750, 1500, 2250]],
  [1, []],
])('of %i people, lines of progress are told after %j', (all, told) => {
  const counts = Array.from({length: all}, (_, index) => index + 1)
  expect(counts.filter((done) => isQuarterDone(done, all))).toEqual(told)
})
