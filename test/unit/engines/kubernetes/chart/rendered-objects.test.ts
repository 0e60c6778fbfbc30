import {describe, expect, it} from 'vitest'
import {renderedObjects} from '../../../../../src/engines/kubernetes/chart/rendered-objects.js'

describe('what helm rendered', () => {
  it.each([
    ['mode: 0644\nother: 0o17\nlong: 1_000\nodd: 089', {mode: 420, other: 15, long: 1000, odd: 89}],
    ['at: 12:30\nto: 12:30:45.5', {at: '12:30', to: '12:30:45.5'}],
    ['isOn: yes\nisOff: Off\nword: "yes"', {isOn: true, isOff: false, word: 'yes'}],
    ['day: 2026-11-29\ntime: 2026-11-29T12:00:00Z', {day: '2026-11-29', time: '2026-11-29T12:00:00Z'}],
    [
      'cores: .5\nmany: 1e3\nlarge: 1e+06\nnothing: ~\nempty:',
      {cores: 0.5, many: 1000, large: 1_000_000, nothing: null, empty: null},
    ],
    ['text: |\n  a\n  b\n', {text: 'a\nb\n'}],
    ['base: &base {a: 1}\nboth: {<<: *base, b: 2}', {base: {a: 1}, both: {a: 1, b: 2}}],
    ['name: first\nname: last', {name: 'last'}],
    [
      'key: !!binary aGVsbG8=\nat: !!timestamp 2026-11-29\nport: !!str 80',
      {key: 'hello', at: '2026-11-29', port: '80'},
    ],
    ['"é\\u0041": "\\t\\"x\\""', {éA: '\t"x"'}],
  ])('is read as helm reads it: %j', (text, value) => {
    expect(renderedObjects(text)).toEqual([value])
  })

  it('is one object for each document, and nothing for an empty one', () => {
    const text = '---\n# Source: jupyterhub/templates/empty.yaml\n---\nkind: A\n---\n---\nkind: B\n'
    expect(renderedObjects(text)).toEqual([{kind: 'A'}, {kind: 'B'}])
    expect(renderedObjects('')).toEqual([])
  })

  it.each(['a: [', 'a: !odd 1', '{'])('is told when it cannot be read: %j', (text) => {
    expect(() => renderedObjects(text)).toThrow(expect.objectContaining({code: 'JHUB-E214'}))
  })
})
