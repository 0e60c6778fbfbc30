import {expect, it} from 'vitest'
import {renderDoctor} from '../../../../src/cli/render/render-doctor.js'

const disk = {check: 'disk', state: 'ok', found: '62.8G free'} as const
const memory = {check: 'memory for 30 people', state: 'warning', found: 'room for 21'} as const

it.each([
  {findings: [disk], healthy: true, last: 'All is well.'},
  {findings: [disk, memory], healthy: true, last: 'No problems, but 1 warning above.'},
  {findings: [memory, disk, memory], healthy: true, last: 'No problems, but 2 warnings above.'},
  {findings: [{...disk, state: 'problem' as const}, memory], healthy: false, last: 'Fix the problems above first.'},
])('ends with $last', ({findings, healthy, last}) => {
  expect(renderDoctor({engine: 'mode vm', findings, healthy}).split('\n').at(-1)).toBe(last)
})
