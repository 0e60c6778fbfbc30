import {expect, it} from 'vitest'
import {requirePattern} from '../../../../src/hub/files/require-pattern.js'

it('refuses what only some shells read, and would find nothing', () => {
  expect(() => requirePattern('work/{hw1,hw2}.ipynb')).toThrow(/"\{a,b\}"/)
  expect(requirePattern('work/{hw1}.ipynb')).toBe('work/{hw1}.ipynb')
})
