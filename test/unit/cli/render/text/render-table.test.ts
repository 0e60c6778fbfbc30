import {describe, expect, it} from 'vitest'
import {renderTable} from '../../../../../src/cli/render/text/render-table.js'

const heads = ['name', 'account', 'last activity']
const rows = [
  ['ana', 'ana', ''],
  ['josé@uni.example', 'jose-uni-examp--1e8e02b9646eee81', '2026-11-26 05:29'],
]

describe('a table', () => {
  it('has columns under heads where they fit, and wherever its width is not known', () => {
    const columns = [
      'NAME               ACCOUNT                            LAST ACTIVITY',
      'ana                ana                                -',
      'josé@uni.example   jose-uni-examp--1e8e02b9646eee81   2026-11-26 05:29',
    ].join('\n')
    expect(renderTable(heads, rows, 100)).toBe(columns)
    expect(renderTable(heads, rows, undefined)).toBe(columns)
  })

  it('has a block for each row where they do not, and no line of it is longer than it must be', () => {
    expect(renderTable(heads, rows, 60)).toBe(
      [
        'ana',
        '  ACCOUNT        ana',
        'josé@uni.example',
        '  ACCOUNT        jose-uni-examp--1e8e02b9646eee81',
        '  LAST ACTIVITY  2026-11-26 05:29',
      ].join('\n'),
    )
  })

  it('does not count colours', () => {
    expect(renderTable(['a', 'b'], [['\u001B[31mx\u001B[39m', 'y']], 6)).toContain('A   B')
  })
})

it('a name with a line end in it makes no row of its own', () => {
  const rows = [['ana\nroot  yes', 'no\tway']]
  expect(renderTable(['name', 'admin'], rows, 100).split('\n')).toEqual([
    'NAME            ADMIN',
    'ana root  yes   no way',
  ])
  expect(renderTable(['name', 'admin'], rows, 10).split('\n')).toEqual(['ana root  yes', '  ADMIN  no way'])
})

it('a name in wide characters counts as the columns that a terminal draws', () => {
  const rows = [['山田太郎', '2G of 8G']]
  expect(renderTable(['name', 'memory'], rows, 19)).toBe('NAME       MEMORY\n山田太郎   2G of 8G')
  expect(renderTable(['name', 'memory'], rows, 18)).toBe('山田太郎\n  MEMORY  2G of 8G')
})

it('a table has fewer columns in a narrow terminal, where some are said to matter most', () => {
  const rows = [['ana', '34M', '1.0G', 'never logged in']]
  const at = (width: number) => renderTable(['user', 'memory', 'limit', 'trouble'], rows, width, [[0, 1, 3]])
  expect(at(41)).toBe('USER   MEMORY   LIMIT   TROUBLE\nana    34M      1.0G    never logged in')
  expect(at(31)).toBe('USER   MEMORY   TROUBLE\nana    34M      never logged in')
  expect(at(30).split('\n')).toEqual(['ana', '  MEMORY   34M', '  LIMIT    1.0G', '  TROUBLE  never logged in'])
})
