import {describe, expect, it} from 'vitest'
import {limitFindings} from '../../../src/findings/limit-findings.js'
import {parseHubSpec} from '../../../src/hub-spec/parse-hub-spec.js'

const room = {cores: 4, memoryBytes: 16 * 1024 ** 3}
const people = (count: number) =>
  `users: [${Array.from({length: count}, (_, index) => `p${String(index)}`).join(', ')}]`
const told = (yaml: string) =>
  limitFindings(parseHubSpec(`version: 1\nname: a\nmode: vm\n${yaml}\n`), room).map(
    ({check, found, fix}) => `${check}: ${found} | ${fix ?? ''}`,
  )

describe('limits on a machine of 16G and 4 cores', () => {
  it.each([
    ['what fits', `limits: {default: {memory: 1G, cpu: 2}}\n${people(16)}`],
    ['no limits', people(100)],
    ['many people under a total', `limits: {default: {memory: 1G}, total: {memory: 14G}}\n${people(100)}`],
    ['many people, few servers', `limits: {default: {memory: 1G}, total: {servers: 10}}\n${people(100)}`],
    ['one person', 'limits: {default: {memory: 16G, cpu: 4}}\nusers: [ana]'],
  ])('nothing is said of %s', (_, yaml) => {
    expect(told(yaml)).toEqual([])
  })

  it.each([
    [
      'limits: {default: {memory: 1T}}',
      [
        'limit of everybody: 1T memory, but the machine has only 16.0G, so it has no effect | jhub limits set --memory 8G',
      ],
    ],
    [
      'limits: {default: {cpu: 99}}',
      ['limit of everybody: 99 cores, but the machine has only 4, so it has no effect | jhub limits set --cpu 4'],
    ],
    [
      'groups: {ta: {limits: {cpu: 5}}}\nusers: {ana: {limits: {memory: 20G}}}',
      [
        'limit of group ta: 5 cores, but the machine has only 4, so it has no effect | jhub limits set --group ta --cpu 4',
        'limit of ana: 20G memory, but the machine has only 16.0G, so it has no effect | jhub limits set --user ana --memory 8G',
      ],
    ],
    [
      'limits: {total: {memory: 64G}}',
      [
        'limit of the whole hub: 64G memory, but the machine has only 16.0G, so it has no effect | jhub limits set --total --memory 12G',
      ],
    ],
    [
      `limits: {default: {memory: 1G}}\n${people(30)}`,
      [
        'memory limits together: 30 servers may use 30.0G, but the machine has only 16.0G: it runs out if every server reaches its limit | jhub limits set --total --memory 12G',
      ],
    ],
  ])('%s is told', (yaml, expected) => {
    expect(told(yaml)).toEqual(expected)
  })
})
