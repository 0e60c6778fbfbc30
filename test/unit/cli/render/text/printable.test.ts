import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {printable, printableJson} from '../../../../../src/cli/render/text/printable.js'

describe('text of others on a terminal', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;a title\u0007text', 'text'],
    ['\u001b]52;c;cm0gLXJmIC8=\u0007text', 'text'],
    ['\u001bPq#0;2;0;0;0\u001b\\', 'q#0;2;0;0;0\\'],
    ['over\rwritten\b\b', 'overwritten'],
    ['\u009b2Jcleared', 'cleared'],
    ['name\u202egnp.exe', 'namegnp.exe'],
    ['two\r\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['josé 李雷 🦊 👩‍🏫', 'josé 李雷 🦊 👩‍🏫'],
  ])('%j is %j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('never has a character that a terminal follows', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        expect(printable(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
      }),
    )
  })

  it('in JSON is escaped and nothing is lost', () => {
    const value = {line: '\u009b2J\u001b[31m\u007f\u202e josé'}
    const json = printableJson(JSON.stringify(value))
    expect(json).not.toMatch(/[\u007f-\u009f\u202e]/)
    expect(JSON.parse(json)).toEqual(value)
  })
})
