import {expect, it} from 'vitest'
import {restartedBetween} from '../../bench/restarts-nothing.js'

it.each([
  [{hub: '7'}, {hub: '7'}, []],
  [{hub: '7'}, {hub: '8'}, ['hub']],
  [{hub: '7', 'the server of ana': 'at one'}, {hub: '7'}, ['the server of ana']],
  [{hub: '7'}, {hub: '7', 'the server of ana': 'at one'}, []],
])('of %o, after which %o runs, %o is told as restarted', (before, after, restarted) => {
  expect(restartedBetween(before, after)).toEqual(restarted)
})
