import {describe, expect, it} from 'vitest'
import {importValues} from '../../../../../src/hub-spec/import/z2jh/import-values.js'
import {readValues} from '../../../../../src/hub-spec/import/z2jh/reading/read-values.js'

const read = (text: string) => readValues({name: 'values.yaml', text}).values
const common = 'small: &small {memory: 1G, cpu: 1}\nbig: &big {memory: 8G, gpu: 1}\n'

describe('a values file', () => {
  // What `helm template` gives to a chart that prints its values.
  it.each<[string, unknown]>([
    ['mode: 0644', {mode: 420}],
    ['mode: 0o644', {mode: 420}],
    ['mode: 0_644', {mode: 420}],
    ['mode: "0644"', {mode: '0644'}],
    ['mode: !!str 0644', {mode: '0644'}],
    ['mode: 08', {mode: 8}],
    ['mode: 0x1F', {mode: 31}],
    ['a: [Yes, ON, n, y, oFF, "yes", True]', {a: [true, true, false, true, 'oFF', 'yes', true]}],
    ['a: [1_000, 1:30, 2026-11-27, 1.10, 1e3]', {a: [1000, '1:30', '2026-11-27', 1.1, 1000]}],
    ['path: .', {path: '.'}],
    ['tag: 8463e1234', {tag: '8463e1234'}],
    ['a: 1\n---\n', {a: 1}],
    ['---\n# a licence\n---\na: 1\n---\n# the end\n', {a: 1}],
    [`${common}a: {cpu: 2, <<: *small}`, {a: {memory: '1G', cpu: 1}}],
    [`${common}a: {<<: *small, cpu: 2}`, {a: {memory: '1G', cpu: 2}}],
    [`${common}a: {<<: *small, <<: *big}`, {a: {memory: '8G', cpu: 1, gpu: 1}}],
    [`${common}a: {<<: [*small, *big]}`, {a: {memory: '1G', cpu: 1, gpu: 1}}],
    [`${common}a: &a {<<: *small, gpu: 2}\nb: {cpu: 3, gpu: 3, <<: *a}`, {b: {memory: '1G', cpu: 1, gpu: 2}}],
    [`${common}<<: *big`, {memory: '8G'}],
    [`${common}a: [${'*small,'.repeat(300)}]`, {a: Array.from({length: 300}, () => ({memory: '1G', cpu: 1}))}],
    ['a: !Ref b\nc: !m {d: 1}\ne: !s [1]', {a: 'b', c: {d: 1}, e: [1]}],
  ])('of %j is read as helm reads it', (text, values) => {
    expect(read(text)).toMatchObject(values as object)
  })

  it.each([
    ['hub: {db: !vault secret-db}', 'hub.db (line 1) has the tag !vault, and is read without it.'],
    ['cull:\n  timeout: !!float 600', 'cull.timeout (line 2) has the tag !!float, and is read without it.'],
    [
      'jupyterhub:\n  singleuser:\n    <<: *none\n    uid: 5\n'.replace('*none', '5'),
      'singleuser (line 2) merges (<<) something else than keys with values: left out.',
    ],
    [
      'x: &nothing\nsingleuser: {<<: *nothing, uid: 5}',
      'singleuser (line 2) merges (<<) something else than keys with values: left out.',
    ],
  ])('of %j is taken, and what is odd in it is told', (text, words) => {
    expect(importValues([{name: 'values.yaml', text}], {name: 'x'}).notes).toContain(words)
  })

  it.each([
    ['a: &a [*a]', '1:8  this alias (*…) stands inside what it names'],
    ['a: &a {<<: *a}', '1:12  this alias (*…) stands inside what it names'],
    ['a: *b', '1:4  *b refers to nothing above it'],
    ['a: 1\n---\nb: 2\n', '2:1  a second document begins here'],
    ['a: 1\n---\nb: [\n', '2:1  a second document begins here'],
    ['? [a]\n: 1', '1:3  a key must be one word'],
  ])('of %j is refused: %s', (text, words) => {
    expect(() => read(text)).toThrow(words)
  })

  it('with the line ends of an old Mac is read, and its lines are counted', () => {
    expect(read('hub:\r  db: {type: sqlite}\r')).toEqual({hub: {db: {type: 'sqlite'}}})
    expect(() => read('a: 1\rb: [\r')).toThrow('3:1')
  })

  it('whose merges stand for billions of keys is refused', () => {
    const levels = Array.from('bcdefghi', (name, index) => {
      const below = `*${String.fromCodePoint('a'.charCodeAt(0) + index)}`
      return `${name}: &${name} {<<: [${Array.from({length: 9}, () => below).join(', ')}]}\n`
    })
    expect(() => read(`a: &a {x: 1}\n${levels.join('')}`)).toThrow(
      'aliases (*…) make the file more than 10,000 times as long',
    )
  })

  it('whose aliases stand for billions of words is to be changed itself, and not the settings file', () => {
    const levels = Array.from('bcdefghi', (name, index) => {
      const below = `*${String.fromCodePoint('a'.charCodeAt(0) + index)}`
      return `${name}: &${name} [${Array.from({length: 9}, () => below).join(', ')}]\n`
    })
    expect(() => read(`a: &a [x]\n${levels.join('')}`)).toThrow(
      expect.objectContaining({suggestions: ['Change values.yaml there, then run the same command again']}),
    )
  })
})
