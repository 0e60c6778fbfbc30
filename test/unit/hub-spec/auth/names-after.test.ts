import {describe, expect, it} from 'vitest'
import {describeChangedNames} from '../../../../src/hub-spec/auth/describe-names.js'
import {changedNames} from '../../../../src/hub-spec/auth/names-after.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const auth = (text: string) =>
  parseHubSpec(`version: 1\nname: w\nmode: vm\nusers: {ana: {admin: true}}\nauth: ${text}\n`).auth
const oidc = 'method: oidc, issuer: https://login.uni.example, clientId: hub'
const ldap = 'method: ldap, server: "ldaps://ldap.uni.example", base: "dc=x"'
const google = 'method: google, clientId: x'
const strip = 'stripDomain: uni.example'

function after(before: string, next: string, name: string, email?: string) {
  const people = new Map([[name, email === undefined ? {} : {email}]])
  return changedNames(auth(before), auth(next), {people, listed: new Set()}).map((row) => row.next ?? '?')
}

describe('names after a change of how people sign in', () => {
  it.each<[string, string, string, string | undefined, string[]]>([
    // A domain that is cut off, and back again.
    [`{${google}}`, `{${google}, ${strip}}`, 'ana@uni.example', undefined, ['ana']],
    [`{${google}}`, `{${google}, ${strip}}`, 'ana@other.example', undefined, []],
    [`{${google}, ${strip}}`, `{${google}}`, 'ana', undefined, ['ana@uni.example']],
    [`{${oidc}, ${strip}}`, `{${oidc}, stripDomain: other.example}`, 'ana', undefined, ['ana@uni.example']],
    // From passwords to e-mail addresses, which the settings file knows or not.
    ['{}', `{${google}}`, 'ana', 'Ana.Doe@uni.example', ['ana.doe@uni.example']],
    ['{}', `{${google}, ${strip}}`, 'ana', 'ana@uni.example', []],
    ['{}', `{${google}, ${strip}}`, 'ana', undefined, []],
    ['{}', `{${google}}`, 'ana', undefined, ['?']],
    ['{}', `{${ldap}, userAttribute: mail}`, 'ana', undefined, ['?']],
    // Names that both have.
    ['{}', `{${oidc}}`, 'ana', 'a.doe@uni.example', []],
    [`{${oidc}}`, '{method: github, clientId: x}', 'ana', undefined, []],
    [`{${google}}`, '{method: github, clientId: x}', 'ana@uni.example', undefined, ['?']],
    [`{${google}}`, `{${oidc}, ${strip}}`, 'ana@uni.example', undefined, ['ana']],
    [`{${google}, ${strip}}`, `{${oidc}, usernameClaim: email}`, 'ana', undefined, ['ana@uni.example']],
    // What a class calls people only the class knows.
    ['{method: class, class: "a:B"}', '{method: class, class: "a:B", config: {server: x}}', 'ana', undefined, ['?']],
    ['{method: class, class: "a:B"}', '{method: class, class: "a:B", label: C}', 'ana', undefined, []],
    ['{method: class, class: "a:B"}', `{method: class, class: "a:B", ${strip}}`, 'ana@uni.example', undefined, ['ana']],
    // The settings file is what counts without a provider, and rules alone change no name.
    [`{${google}, ${strip}}`, '{}', 'ana', undefined, []],
    [`{${google}}`, '{method: shared-password}', 'ana@uni.example', undefined, []],
    [`{${google}}`, `{${google}, allow: {everybody: true}}`, 'ana', undefined, []],
  ])('%s, then %s: %s (%s)', (before, next, name, email, names) => {
    expect(after(before, next, name, email)).toEqual(names)
  })

  it('says whose the new name is', () => {
    const names = ['ana@uni.example', 'ben@uni.example', 'ben', 'cy@uni.example', 'cy', 'dan']
    const people = new Map(names.map((name) => [name, {}]))
    const rows = changedNames(auth(`{${oidc}}`), auth(`{${oidc}, ${strip}}`), {people, listed: new Set(['cy'])})
    expect(rows).toEqual([
      {name: 'ana@uni.example', next: 'ana', nextIs: 'new'},
      {name: 'ben@uni.example', next: 'ben', nextIs: 'taken'},
      {name: 'cy@uni.example', next: 'cy', nextIs: 'taken'},
    ])
    const [, first] = describeChangedNames(rows)
    expect(first).toBe('  ana@uni.example  →  ana  not in the settings file: jhub user add ana')
    expect(describeChangedNames([])).toEqual([])
  })

  it('counts those that a terminal has no room for', () => {
    const rows = Array.from({length: 30}, (_, index) => ({name: `p${String(index)}`}))
    expect(describeChangedNames(rows).slice(-2)).toEqual([
      '  and 10 more: jhub plan --json',
      'Add the names that only the provider knows when you know them: jhub user add NAME',
    ])
  })
})
