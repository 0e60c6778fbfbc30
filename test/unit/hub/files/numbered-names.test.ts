import {expect, it, vi} from 'vitest'
import fc from 'fast-check'
import {numberedNames} from '../../../../src/hub/files/local/numbered-names.js'

const chosen = fc.array(fc.constantFrom('a', 'A', 'a~2', 'A~3', 'a~2~2', 'b'), {maxLength: 60})

it('are all different, and the first keeps its own', () => {
  fc.assert(
    fc.property(chosen, (names) => {
      const given = names.map(numberedNames(undefined, (name) => name.toLowerCase()))
      expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(names.length)
      expect(given[0]).toBe(names[0])
    }),
  )
})

it('try no number twice for one name, however many come to the same', () => {
  fc.assert(
    fc.property(chosen, (names) => {
      const numbered = vi.fn((name: string, number: number) => `${name}~${String(number)}`)
      const free = numberedNames(numbered, (each) => each.toLowerCase())
      for (const name of names) free(name)
      const tried = numbered.mock.calls.map(([name, number]) => `${name.toLowerCase()} ${String(number)}`)
      expect(new Set(tried).size).toBe(tried.length)
    }),
  )
})
