import {expect, it} from 'vitest'
import {sortByName, sortNames} from '../../../../src/hub-spec/people/sort-names.js'

it.each([
  {names: ['cleo', 'ana', 'ben'], sorted: ['ana', 'ben', 'cleo']},
  {names: ['b-2', '20251234', 'b'], sorted: ['20251234', 'b', 'b-2']},
  {names: ['a_1', 'ab', 'a1', 'a-1'], sorted: ['a-1', 'a1', 'a_1', 'ab']},
  {names: ['a_1', 'é', 'a1'], sorted: ['a_1', 'a1', 'é']},
  {names: ['zoe', 'élodie', 'eva', 'ähn'], sorted: ['ähn', 'élodie', 'eva', 'zoe']},
  {names: [], sorted: []},
])('are in the order of the alphabet: $names', ({names, sorted}) => {
  expect(sortNames(names)).toEqual(sorted)
})

it('puts what belongs to people in the same order, and leaves what belongs to one person as it was', () => {
  const rows = ['a_1', 'ab', 'a1', 'a_1', 'é'].map((user, at) => ({user, at}))
  const users = sortByName(rows, ({user}) => user)
  expect(users.map(({user}) => user)).toEqual(['a_1', 'a_1', 'a1', 'ab', 'é'])
  expect(users.map(({at}) => at)).toEqual([0, 3, 2, 1, 4])
})
