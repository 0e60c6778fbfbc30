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
  const config = readFileSync(path.join(cases, name, 'config', 'config.yaml'), 'utf8')
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
