import {expect, it} from 'vitest'
import {afterDown} from '../../../../../src/engines/vm/packages/after-down.js'

const outside =
  "`jhub up` then needs the internet, or a file that `jhub bundle create` wrote before: the hub's packages go with it."

it.each([
  [
    {keepsPackages: true},
    "`jhub up` takes its packages from uv's cache. While they are there, and uv is on the PATH, it needs no internet.",
  ],
  [{}, outside],
] as const)('%j: says what the hub needs to come back', (facts, sentence) => {
  expect(afterDown({facts})).toBe(sentence)
})
