import {expect, it} from 'vitest'
import {describeEnvironment} from '../../../../src/cli/help/help-pages.js'
import {networkNames} from '../../../../src/engines/images/network-environment.js'

it('the page of variables names each that a network may need', () => {
  const names = describeEnvironment().variables.flatMap(({name}) => name.split(', '))
  const upper = networkNames.map((name) => name.toUpperCase())
  expect(upper.filter((name) => !names.includes(name))).toEqual([])
})
