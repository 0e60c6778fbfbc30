import {describe, expect, it} from 'vitest'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const limits = (yaml: string) => parseHubSpec(`version: 1\nname: a\nmode: vm\n${yaml}\n`)

describe('limits with which no server starts', () => {
  it.each([
    ['limits: {default: {memory: 5}}', '4:28  limits.default.memory: 5 bytes is not enough memory: a server needs 96M'],
    ['limits: {default: {memory: 60M}}', '4:28  limits.default.memory: 60M is not enough memory'],
    ['limits: {default: {memory: 95.9M}}', 'is not enough memory'],
    ['limits: {total: {memory: 1M}}', 'limits.total.memory: 1M is not enough memory'],
    ['groups: {ta: {limits: {cpu: 0.001}}}', 'groups.ta.limits.cpu: 0.001 cores are too few'],
    ['users: {ana: {limits: {cpu: 19m}}}', 'users.ana.limits.cpu: 0.019 cores are too few'],
  ])('%s', (yaml, words) => {
    expect(() => limits(yaml)).toThrow(words)
  })

  it.each(['{memory: 96M, cpu: 20m}', '{memory: 1G, memoryGuarantee: 10M, cpu: 1, cpuGuarantee: 1m}'])(
    '%s is enough',
    (rule) => {
      expect(limits(`limits: {default: ${rule}}`).limits.default).not.toEqual({})
    },
  )
})
