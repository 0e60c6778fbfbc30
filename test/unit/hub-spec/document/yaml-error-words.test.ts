import {expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const told = (text: string): string => {
  try {
    parseHubSpec(text)
    return 'no mistake'
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    return error.message.split('\n').slice(1).join('\n').trim()
  }
}

it.each([
  ['name:a\nmode: vm\n', '2:1  the key must be followed by a colon and a space (key: value)'],
  ['name:a\n', '2:1  the key must be followed by a colon and a space (key: value)'],
  ['access: {lan: true, "port":8000 }\nname\nmode: vm\n', '3:1  the key must be followed by a colon and a space'],
  ['limits:\n  default:\n    memory: 1G\n   cpu: 1\n', '5:1  the line is not indented like the lines beside it'],
  ['name: a\n  mode: vm\n', '2:7  a value has a second colon: put the value in quotes, or check the indentation'],
  ['name: a: b\n', '2:7  a value has a second colon: put the value in quotes'],
  ['access: {lan: true, port: 8000\nmode: vm\n', '3:1  a { before this is not closed'],
  ['choose: [a, b\nmode: vm\n', '3:1  a [ before this is not closed'],
  ['name: "a\nmode: vm\n', 'a quote (") before this is not closed'],
  ["name: 'a\nmode: vm\n", "a quote (') before this is not closed"],
  ['access: {lan: true port: 8000}\n', '2:15  a comma is missing here'],
  ['choose: ["a" "b"]\n', '2:14  a comma is missing before this'],
  ['users:\n  @ana: {}\n', '3:3  a value that begins with @ must be in quotes'],
  ['name: "C:\\data"\n', 'between "…", a backslash must be written twice'],
  ['name: "a"#x\n', 'a space is missing before #'],
  [`hub: ${'['.repeat(5000)}${']'.repeat(5000)}\n`, 'there are too many levels, one inside the other'],
  [`${'k'.repeat(2000)}: 1\n`, '2:1  a key must have at most 1024 characters'],
  ['workshop:\n  title: Caf\uFFFD\n', '3:10  a character here is not UTF-8 (�); save the file as UTF-8'],
  ['name: a\nusers:\n  ana: {}\n  ? [a, b]\n  : {}\n', '5:5  a key must be one word'],
  ['n\0a\0m\0e\0:\0 \0a\0\n\0', '1:1  the file is not UTF-8 (probably UTF-16); save it as UTF-8'],
  ['name: a\rmode: vm\r', '1:1  a line ends with a carriage return alone, as on old Macs; save the file with Unix'],
  ['access: {port: *1:1}\n', '2:16  *1:1 refers to nothing above it; a value that begins with * must be in quotes'],
])('%j is told without words of the parser', (text, words) => {
  const said = told(`version: 1\n${text}`)
  expect(said).toContain(words)
  expect(said).not.toMatch(/implicit|mapping|flow|scalar|token|collection/i)
})

it('one mistake is told once, though the parser stumbles over all that follows', () => {
  expect(told('version: 1\naccess: {lan: true}}\nmode: vm\n')).toBe(
    '2:20  this cannot stand here; check the quotes, brackets and indentation before it',
  )
})

it.each([
  ['1e99', 'must be at most 65535'],
  ['-1e99', 'must be at least 1'],
])('a port of %s is one mistake', (port, words) => {
  expect(told(`version: 1\nname: a\nmode: vm\naccess: {port: ${port}}\n`)).toBe(`4:16  access.port: ${words}`)
})

it.each(['\u2028', '\u2029', '\u0085', '\n'])('a key with %j in it is told on one line', (sign) => {
  const escape = `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  expect(told(`version: 1\nname: a\nmode: vm\n${JSON.stringify(`a${sign}b`)}: 1\n`)).toBe(
    `4:1  a${escape}b: there is no key "a${escape}b" here`,
  )
})

it('many mistakes are counted, and the first are shown', () => {
  const users = Array.from({length: 300}, (_, index) => `  u${String(index)}: {admin: 7}\n`).join('')
  const lines = told(`version: 1\nname: a\nmode: vm\nusers:\n${users}`).split('\n')
  expect(lines).toHaveLength(21)
  expect(lines.at(-1)).toBe('  and 280 more')
})

it('a long name is shown by its beginning', () => {
  expect(told(`version: 1\nname: a\nmode: vm\nusers: {${'u'.repeat(9000)}: {}}\n`).length).toBeLessThan(500)
})
