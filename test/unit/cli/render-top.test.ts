import {describe, expect, it} from 'vitest'
import {renderTop} from '../../../src/cli/render/render-top.js'
import type {TopResult} from '../../../src/hub/top.js'

const mebibyte = 1024 ** 2
const none = {memoryBy: 'not enforced', cpuBy: 'not enforced', counted: 'memory in use'} as const
const ana = {
  user: 'ana',
  memoryBytes: 200 * mebibyte,
  memoryLimitBytes: 1024 * mebibyte,
  cpuCores: 0.5,
  cpuLimitCores: 2,
  memoryKills: null,
  processes: 3,
  startedAt: null,
}

describe('top', () => {
  it('shows each server, their sum and what holds them all', () => {
    const whole: TopResult['whole'] = {
      ...none,
      holder: 'jhub-class.slice',
      memoryBy: 'cgroup v2',
      memoryBytes: 3072 * mebibyte,
      memoryUsedBytes: 260 * mebibyte,
    }
    const ben = {...ana, user: 'ben', memoryBytes: 50 * mebibyte, memoryLimitBytes: null, cpuCores: null, processes: 1}
    expect(renderTop({hub: 'class', servers: [ana, ben], whole, notSeen: null})).toBe(
      [
        'USER   MEMORY   OF     CORES   OF   PROCESSES   SINCE',
        'ana    200M     1.0G   0.50    2    3           -',
        'ben    50M      -      -       2    1           -',
        '',
        '2 servers use 250M and 0.50 cores.',
        'All servers together: memory 3G by cgroup v2 (260M in use), cpu not enforced; held by jhub-class.slice.',
      ].join('\n'),
    )
  })

  it('says who ran out of memory, and what gives more', () => {
    const [once, often] = [
      {...ana, user: 'ana@uni.example', memoryKills: 1},
      {...ana, user: 'ben', memoryKills: 3, memoryLimitBytes: 1536 * mebibyte},
    ]
    const said = renderTop({hub: 'class', servers: [once, often, {...ana, memoryKills: 0}], whole: none, notSeen: null})
    expect(said.split('\n').slice(6)).toEqual([
      'ana@uni.example ran out of memory: a program of theirs was ended. To give them more:',
      '    jhub limits set --user ana@uni.example --memory 2G',
      'ben ran out of memory: 3 programs of theirs were ended. To give them more:',
      '    jhub limits set --user ben --memory 3G',
    ])
  })

  it('says plainly what cannot be seen, and that nothing runs', () => {
    const unseen = {...ana, memoryBytes: null, cpuCores: null, processes: null}
    const said = renderTop({hub: 'class', servers: [unseen], whole: none, notSeen: 'The cluster has no metrics.'})
    expect(said).toContain('ana    -        1.0G   -       2    -           -\n\nThe cluster has no metrics.')
    expect(renderTop({hub: 'class', servers: [], whole: none, notSeen: null})).toBe('No server of class runs.')
  })
})
