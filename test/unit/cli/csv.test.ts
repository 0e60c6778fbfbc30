import {expect, it} from 'vitest'
import {renderCsv} from '../../../src/cli/csv.js'

it.each([
  ['=1+1', "'=1+1"],
  ['@sum', "'@sum"],
  ['＝1+1', "'＝1+1"],
  ['x;=1+1', "x;'=1+1"],
  ['x; -1', "x; '-1"],
  ['x\t+1', "x\t'+1"],
  ['x\n=1+1', `"x\n'=1+1"`],
  ['hw1-a=b.ipynb', 'hw1-a=b.ipynb'],
])('a table has no formula in it, whatever separates its cells: %j', (text, expected) => {
  expect(renderCsv([[text]])).toBe(`\uFEFF${expected}\r\n`)
})
