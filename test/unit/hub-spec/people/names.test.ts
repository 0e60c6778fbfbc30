import fc from 'fast-check'
import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {normaliseGroupName} from '../../../../src/hub-spec/people/group-name.js'
import {accountName, normaliseUserName, oldAccountName} from '../../../../src/hub-spec/people/user-name.js'

const account = /^[a-z]([-a-z0-9]*[a-z0-9])?$/

describe('names of users', () => {
  it.each([
    ['ana', 'ana'],
    ['Ana', 'ana'],
    [' ana ', 'ana'],
    ['Cleo.Doe@Uni.Example', 'cleo.doe@uni.example'],
    ['20251234', '20251234'],
    ['José', 'josé'],
    ['李雷', '李雷'],
    ['ﬁnn', 'finn'],
    ['a'.repeat(200), 'a'.repeat(200)],
  ])('takes %s', (text, name) => {
    expect(normaliseUserName(text)).toBe(name)
  })
  it.each([
    '',
    '  ',
    'a b',
    'a/b',
    'a\\b',
    'a:b',
    '..',
    '.hidden',
    '-rf',
    'a\u0000b',
    'a'.repeat(255),
    '@@',
    'a,b',
    'a\u200Bb',
    '__proto__',
  ])('refuses %j', (text) => {
    expect(() => normaliseUserName(text)).toThrow(JhubError)
  })
  const names = JSON.parse(
    readFileSync(new URL('../../../fixtures/user-names.json', import.meta.url), 'utf8'),
  ) as Readonly<Record<'taken' | 'refused', readonly string[]>>
  it.each(names.taken)('takes %s, as the hub does', (name) => {
    expect(normaliseUserName(name)).toBe(name)
  })
  it.each(names.refused)('refuses %j, as the hub does', (text) => {
    expect(() => normaliseUserName(text)).toThrow(JhubError)
  })
  it('gives the same when it is applied again', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme', maxLength: 80}), (text) => {
        const name = nameOrNothing(text)
        return name === undefined || normaliseUserName(name) === name
      }),
    )
  })
})

describe('accounts of users', () => {
  it('are the names themselves where they can be', () => {
    expect(['ana', 'ana-lopez', 'a1'].map(accountName)).toEqual(['ana', 'ana-lopez', 'a1'])
  })
  it('are readable and marked otherwise, the same as on the hub', () => {
    const table = JSON.parse(
      readFileSync(new URL('../../../fixtures/account-names.json', import.meta.url), 'utf8'),
    ) as Record<string, {account: string; old: string}>
    const said = Object.keys(table).map((name) => [name, {account: accountName(name), old: oldAccountName(name)}])
    expect(Object.fromEntries(said)).toEqual(table)
  })
  it('are always safe, and never shared', () => {
    const names = fc.oneof(
      fc.string({unit: 'grapheme', maxLength: 80}),
      fc.stringMatching(/^[a-z0-9-]{1,40}$/),
      fc.stringMatching(/^[a-z]{1,5}--[0-9a-f]{8}$/),
      fc.stringMatching(/^[a-z]{1,5}--[0-9a-f]{16}$/),
    )
    fc.assert(
      fc.property(fc.uniqueArray(names, {minLength: 2, maxLength: 20}), (texts) => {
        const users = [...new Set(texts.flatMap((text) => nameOrNothing(text) ?? []))]
        const accounts = users.map(accountName)
        expect(new Set(accounts).size).toBe(users.length)
        for (const each of accounts) {
          expect(each).toMatch(account)
          expect(each.length).toBeLessThanOrEqual(32)
        }
      }),
    )
  })
  it('cannot be taken by a name that looks like a mapped one', () => {
    const mapped = accountName('ana@uni.example')
    expect(accountName(mapped)).not.toBe(mapped)
  })
})

describe('names of groups', () => {
  it.each([
    ['TA', 'ta'],
    ['class-a', 'class-a'],
    ['2025.b', '2025.b'],
    ['Группа-1', 'группа-1'],
    ['班级', '班级'],
    ['ｴ', 'エ'],
  ])('takes %s', (text, name) => {
    expect(normaliseGroupName(text)).toBe(name)
  })
  it.each(['', 'a b', '-a', 'jhub-policy', 'a\u200bb', '\u202ea', '★', 'a/b', 'a'.repeat(64)])('refuses %j', (text) => {
    expect(() => normaliseGroupName(text)).toThrow(JhubError)
  })
})

function nameOrNothing(text: string): string | undefined {
  try {
    return normaliseUserName(text)
  } catch (error) {
    if (error instanceof JhubError) return undefined
    throw error
  }
}
