import {expect, test} from 'vitest'
import {definedOnly, unlessEmpty} from '../../src/defined-only.js'

test('keys without a value are left out; other values that are false are not', () => {
  expect(definedOnly({signal: undefined, name: '', count: 0, none: null, is: false})).toStrictEqual({
    name: '',
    count: 0,
    none: null,
    is: false,
  })
})

test('an optional key of the result is absent, and not there with undefined', () => {
  const given: {readonly name?: string | undefined; readonly count: number} = {name: undefined, count: 1}
  const left: {readonly name?: string; readonly count: number} = definedOnly(given)
  expect(Object.keys(left)).toStrictEqual(['count'])
})

test('a list or a record without entries is no value', () => {
  expect([unlessEmpty([]), unlessEmpty({}), unlessEmpty([0]), unlessEmpty({a: undefined})]).toStrictEqual([
    undefined,
    undefined,
    [0],
    {a: undefined},
  ])
})
