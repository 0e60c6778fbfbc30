import {describe, expect, it} from 'vitest'
import {fitText} from '../../../../../src/cli/render/text/fit-text.js'
import {renderTop} from '../../../../../src/cli/render/server/render-top.js'
import {topRows} from '../../../../../src/cli/top-page/top-page.js'
import type {ServerTop, TopResult} from '../../../../../src/hub/top/top.js'

const mebibyte = 1024 ** 2
const none = {memoryBy: 'not enforced', cpuBy: 'not enforced', counted: 'memory in use'} as const
const ana: ServerTop = {
  user: 'ana',
  name: null,
  memoryBytes: 200 * mebibyte,
  memoryLimitBytes: 1024 * mebibyte,
  cpuCores: 0.5,
  cpuLimitCores: 2,
  memoryKills: null,
  processes: 3,
  homeBytes: 12 * mebibyte,
  startedAt: null,
  trouble: [],
}
const measuredAt = new Date(2026, 10, 26, 14, 5).toISOString()
const nobody: TopResult = {
  hub: 'class',
  at: measuredAt,
  group: null,
  servers: [],
  others: [],
  whole: none,
  homes: {measuredAt, disk: null, notSeen: null},
  notSeen: null,
  oldCards: [],
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
    const said = renderTop({...nobody, servers: [ana, {...ben, homeBytes: null}], whole})
    expect(said.split('\n').slice(0, -1)).toEqual([
      'USER   MEMORY   LIMIT   CORES   LIMIT   PROCESSES   HOME   SINCE   TROUBLE',
      'ana    200M     1.0G    0.50    2       3           12M    -       -',
      'ben    50M      -       -       2       1           -      -       -',
      '',
      '2 servers use 250M and 0.50 cores.',
      'All servers together: memory 3G by cgroup v2 (260M in use), cpu not enforced; held by jhub-class.slice.',
    ])
    expect(said).toMatch(/\nHomes were measured at (?:2026-11-26 )?14:05\.$/)
  })

  it('says who ran out of memory, and what gives more', () => {
    const [once, often] = [
      {...ana, user: 'ana@uni.example', memoryKills: 1},
      {...ana, user: 'ben', memoryKills: 3, memoryLimitBytes: 1536 * mebibyte},
    ]
    const said = renderTop({...nobody, servers: [once, often, {...ana, memoryKills: 0}]})
    expect(said.split('\n').slice(7)).toEqual([
      'ana@uni.example ran out of memory: the kernel killed one of their programs. To give them more:',
      '    jhub limits set --user ana@uni.example --memory 2G',
      'ben ran out of memory: 3 of their programs were killed by the kernel. To give them more:',
      '    jhub limits set --user ben --memory 3G',
    ])
  })

  it('tells every kind of trouble in a few words, of people without a server too', () => {
    const lastAt = measuredAt
    const said = renderTop({
      ...nobody,
      servers: [
        {
          ...ana,
          trouble: [
            {kind: 'out of memory', times: 2},
            {kind: 'disk nearly full', freeBytes: 40 * mebibyte},
            {kind: 'idle', since: measuredAt},
          ],
        },
      ],
      others: [
        {user: 'ben', name: null, trouble: [{kind: 'server failed', reason: 'no room\nfor one more'}]},
        {user: 'cleo', name: null, trouble: [{kind: 'failed logins', count: 3, lastAt}, {kind: 'never logged in'}]},
        {user: 'dan', name: null, trouble: [{kind: 'failed logins', count: 1, lastAt: null}]},
      ],
    }).replaceAll('2026-11-26 14:05', '14:05')
    expect(said).toContain('out of memory 2 times, disk nearly full: 40M free, idle since 14:05')
    expect(said).toMatch(/^ben .* server failed: no room for one more$/m)
    expect(said).toMatch(/^cleo .* 3 failed logins, last at 14:05, never logged in$/m)
    expect(said).toMatch(/^dan .* 1 failed login$/m)
  })

  it('says plainly what cannot be seen, and that nothing runs', () => {
    const unseen = {...ana, memoryBytes: null, cpuCores: null, processes: null, homeBytes: null}
    const homes = {...nobody.homes, notSeen: 'Homes cannot be measured.'}
    const said = renderTop({...nobody, servers: [unseen], notSeen: 'The cluster has no metrics.', homes})
    expect(said).toContain(
      'ana    -        1.0G    -       2       -           -      -       -\n\nThe cluster has no metrics.',
    )
    expect(said).toContain('Homes cannot be measured.')
    expect(renderTop(nobody)).toBe('class has no running server.')
    expect(renderTop({...nobody, group: 'ta'})).toBe('The group ta has no running server.')
  })

  it.each([
    ['less than a gigabyte', 900 * mebibyte, 100 * 1024 * mebibyte, true],
    ['less than a twentieth', 4000 * mebibyte, 100 * 1024 * mebibyte, true],
    ['enough', 40_000 * mebibyte, 100 * 1024 * mebibyte, false],
  ])('says when the disk of the homes has %s', (_, freeBytes, totalBytes, isSaid) => {
    const said = renderTop({...nobody, homes: {...nobody.homes, disk: {freeBytes, totalBytes}}})
    expect(said.includes('The disk of the homes is nearly full')).toBe(isSaid)
  })

  it('leaves out the end of a list that is longer than the terminal, and counts it', () => {
    const servers = Array.from({length: 40}, (_, index) => ({...ana, user: `p${String(index)}`}))
    const said = renderTop({...nobody, servers}, {mostLines: 20, dress: (text) => text}).split('\n')
    expect(said.length).toBeLessThanOrEqual(20)
    expect(said[0]).toContain('USER')
    expect(said.join('\n')).toMatch(/\n\d+ more people do not fit here: jhub top --html\n/)
    expect(said).toContain('40 servers use 7.8G and 20.00 cores.')
  })

  it('counts lines as they are broken to fit the terminal', () => {
    const servers = Array.from({length: 40}, (_, index) => ({...ana, user: `p${String(index)}`}))
    const oldCards = [{address: 'http://192.0.2.7:8000', logins: ['ana', 'ben', 'cleo', 'dana']}]
    const dress = (text: string) => fitText(text, 60)
    const said = renderTop({...nobody, servers, oldCards}, {mostLines: 20, dress}).split('\n')
    expect(said.length).toBeLessThanOrEqual(20)
    expect(said.filter((line) => line.startsWith('p')).every((line) => line.includes('200M'))).toBe(true)
    expect(said.slice(-3).join(' ')).toMatch(/ http:\/\/192\.0\.2\.7:8000, where this hub does not answer\s+now\./)
  })

  it('gives a page plain text, and what columns are sorted by', () => {
    const {rows, heads, title} = topRows({
      ...nobody,
      group: 'ta',
      servers: [{...ana, user: '<b>ana</b>', trouble: [{kind: 'out of memory', times: 1}]}],
      others: [{user: 'ben', name: null, trouble: [{kind: 'never logged in'}]}],
    })
    expect(title).toBe('class: ta')
    expect(rows.map(({level}) => level)).toEqual(['trouble', 'note'])
    expect(rows.map(({cells}) => cells.length)).toEqual([heads.length, heads.length])
    expect(rows[0]?.cells.slice(0, 2)).toEqual([{text: '<b>ana</b>'}, {text: '200M', value: 200 * mebibyte}])
    expect(rows[0]?.cells.at(-1)).toEqual({text: 'out of memory'})
  })

  it('has a column of names where anybody has one', () => {
    const others = [{user: '000007', name: 'Ben Müller', trouble: [{kind: 'never logged in' as const}]}]
    const [heads, first, second] = renderTop({...nobody, servers: [ana], others}).split('\n')
    expect([heads, first, second].map((line) => line?.split(/ {2,}/).slice(0, 3))).toEqual([
      ['USER', 'NAME', 'MEMORY'],
      ['ana', '-', '200M'],
      ['000007', 'Ben Müller', '-'],
    ])
    expect(renderTop({...nobody, others}).split('\n')[1]).toMatch(/^USER +NAME +TROUBLE$/)
    const page = topRows({...nobody, servers: [ana], others})
    expect(page.heads.slice(0, 3)).toEqual(['User', 'Name', 'Memory'])
    expect(page.rows.map(({cells}) => [cells.length, cells[1]?.text])).toEqual([
      [page.heads.length, ''],
      [page.heads.length, 'Ben Müller'],
    ])
  })
})
