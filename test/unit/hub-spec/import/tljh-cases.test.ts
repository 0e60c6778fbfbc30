import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from 'vitest'
import {importTljhConfig} from '../../../../src/hub-spec/import/import-tljh-config.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const cases = fileURLToPath(new URL('../../../fixtures/cases/tljh', import.meta.url))
const refused: Readonly<Record<string, string>> = {
  '13-tabs': '2:1  ',
  '47-two-documents': '2:1  a second document begins here (---)',
}

function imported(name: string) {
  return importedText(readFileSync(path.join(cases, name, 'config', 'config.yaml'), 'utf8'))
}

function importedText(config: string) {
  const {source, notes} = importTljhConfig({directory: '/opt/tljh', configFile: 'config.yaml', config, users: []}, 'x')
  return {source, notes, spec: parseHubSpec(source)}
}

describe('the cases of TLJH', () => {
  it.each(readdirSync(cases).filter((name) => !(name in refused)))('%s is read, and nothing goes unsaid', (name) => {
    const {source, notes} = imported(name)
    expect(`${source}\n${notes.map((note) => `- ${note}\n`).join('')}`).toMatchSnapshot()
    expect(`${source}${notes.join('')}`).not.toMatch(/SECRET|PW/)
  })

  it.each(Object.entries(refused))('%s is refused with the line: %s', (name, words) => {
    expect(() => imported(name)).toThrow(words)
  })

  it.each(['18-port-list', '25-https-yes', '40-https-no', '41-same-domains'])('%s keeps HTTPS', (name) => {
    expect(imported(name).spec.access).toMatchObject({port: 443, lan: true, https: {}})
  })

  it.each([
    ['01-oauth-people', {boss: true, cleo: true, ana: false, ben: false, dora: false}],
    ['42-other-class', {boss: true, ana: false}],
  ])('%s takes the people of its authenticator', (name, people) => {
    const {users} = imported(name).spec
    expect(Object.fromEntries([...users].map(([user, {admin}]) => [user, admin]))).toEqual(people)
  })
})

const admin = 'users: {admin: [boss]}\n'
const tls = 'tls: {cert: /etc/c.pem, key: /etc/k.pem}'

describe('a configuration of TLJH that was made up', () => {
  it.each([
    `https: {enabled: on, ${tls}}`,
    `https: {enabled: "True", ${tls}}`,
    `https: {enabled: y, ${tls}}`,
    `https: {enabled: "off", ${tls}}`,
    `https: {enabled: "false", ${tls}}`,
    `https: {enabled: "0", ${tls}}`,
    `https: {enabled: 1, ${tls}}`,
    `https: {enabled: ja, ${tls}}`,
    `https: {enabled: !!bool true, ${tls}}`,
    'https: {enabled: yes, letsencrypt: {email: a@b.example, domains: [h.example]}}\nhttp: {port: 8080}',
  ])('keeps HTTPS: %s', (https) => {
    expect(importedText(`${admin}${https}\n`).spec.access).toMatchObject({port: 443, lan: true, https: {}})
  })

  it.each([
    'https: {enabled: yes}',
    'https: {enabled: on, tls: {cert: /etc/c.pem}}',
    'https: {enabled: yes, letsencrypt: {email: a@b.example}}',
    'https: {enabled: True, letsencrypt: {domains: [10.0.0.7]}}',
    'https: yes',
  ])('is not opened by plain HTTP: %s', (https) => {
    const {spec, notes} = importedText(`${admin}${https}\n`)
    expect(spec.access).toMatchObject({lan: false})
    expect(notes.join('\n')).toContain('https')
  })

  it.each<[string, number | undefined, string]>([
    ['"false"', 600_000, 'services.cull.enabled: "false" is neither true nor false, and on for TLJH'],
    ["'no'", 600_000, 'services.cull.enabled: no is neither true nor false, and on for TLJH'],
    ['off', 600_000, 'services.cull.enabled: off is neither true nor false, and on for TLJH'],
    ['"0"', 600_000, 'services.cull.enabled: "0" is neither true nor false, and on for TLJH'],
    ['"true"', 600_000, ''],
    ['True', 600_000, ''],
    ['FALSE', undefined, ''],
    ['0', undefined, ''],
    ['null', undefined, ''],
    ['""', undefined, ''],
  ])('stops idle servers where TLJH does: enabled: %s', (word, after, words) => {
    const {spec, notes} = importedText(`${admin}services: {cull: {enabled: ${word}}}\n`)
    expect(spec.idle.afterMs).toBe(after)
    const said = notes.filter((note) => note.includes('cull.enabled')).join('\n')
    if (words === '') expect(said).toBe('')
    else expect(said).toContain(words)
  })

  const github = 'auth:\n  type: oauthenticator.github.GitHubOAuthenticator\n'
  it.each<[string, Readonly<Record<string, boolean>>, string]>([
    [`${github}  GitHubOAuthenticator: {allowed_users: {ana, ben}}`, {ana: false, ben: false}, ''],
    [`${github}  GitHubOAuthenticator: {allowed_users: !!set {ana, ben}}`, {ana: false, ben: false}, ''],
    [
      `${github}  GitHubOAuthenticator:\n    allowed_users:\n      - Ana:\n      - ben: admin`,
      {ana: false, ben: false},
      '',
    ],
    [`${github}  GitHubOAuthenticator: {whitelist: ana, admin_users: ben}`, {ana: false, ben: true}, ''],
    [
      `${github}  Authenticator: {username_whitelist: [ana]}\n  LocalAuthenticator: {admin_users: [ben]}`,
      {ana: false, ben: true},
      '',
    ],
    [
      `${github}  GitHubOAuthenticator: {admin_users: [Ana], allowed_users: [ana, ben, ben], blocked_users: [ben]}`,
      {ana: true},
      'ben',
    ],
    [
      `${github}  GitHubOAuthenticator: {allowed_users: ["ana b", ana]}`,
      {ana: false},
      '"ana b" cannot be a user\'s name',
    ],
    [
      `${github}  GoogleOAuthenticator: {allowed_users: [zoe], admin_users: [eve]}`,
      {},
      'zoe) is left out: TLJH does not use that class',
    ],
    ['users: {admin: !!set {boss, 0042}, allowed: !!set {ana}}', {boss: true, '0042': true, ana: false}, ''],
    ['auth: {type: google, GoogleOAuthenticator: {allowed_users: [ana@uni.example]}}', {'ana@uni.example': false}, ''],
    [
      'auth: {type: firstuse, FirstUseAuthenticator: {create_users: true, admin_users: [ana]}}',
      {ana: true},
      'create_users',
    ],
  ])('takes the people, or lists them: %s', (text, people, words) => {
    const {spec, notes} = importedText(`${text}\n`)
    expect(Object.fromEntries([...spec.users].map(([name, user]) => [name, user.admin]))).toEqual(people)
    expect(notes.join('\n')).toContain(words)
  })
})
