import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {Agent, request} from 'undici'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {issueCertificate, makeAuthority} from '../../src/engines/vm/https/issue-certificate.js'
import {openBrowser} from './browser.js'
import {realJhub, type RealJhub} from './real-jhub.js'

interface Status {
  readonly url: string
  readonly state: string
  readonly certificate?: {readonly issuer: string; readonly names: readonly string[]; readonly trustFile?: string}
}

const port = 18_701
const specWith = (access: string) =>
  `version: 1\nname: tls\nmode: vm\nvm: {machine: process}\naccess: {port: ${String(port)}${access}}\nusers: {admin: {admin: true}}\n`

describe('a hub with HTTPS', () => {
  let jhub: RealJhub
  let password = ''
  let directory = ''
  const write = (access: string) => writeFile(path.join(directory, 'tls.yaml'), specWith(access))
  const status = () => jhub.json<Status>('status')
  const answer = async (url: string, authority?: string) => {
    const dispatcher = new Agent(authority === undefined ? {} : {connect: {ca: authority}})
    try {
      return String((await request(`${url}/hub/api/`, {dispatcher})).statusCode)
    } catch (error) {
      return (error as {code?: string}).code ?? String(error)
    } finally {
      await dispatcher.destroy()
    }
  }

  beforeAll(async () => {
    jhub = await realJhub({port, name: 'tls', spec: specWith(', https: {internal: true}')})
    directory = jhub.environment['JHUB_CONFIG_DIR'] ?? ''
  })
  afterAll(() => jhub.dispose())

  it('by its own authority is for those who trust it, and for nobody else', async () => {
    const up = await jhub.json<{url: string; passwords: Readonly<Record<string, string>>}>('up')
    password = up.passwords['admin'] ?? ''
    expect(up.url).toBe(`https://127.0.0.1:${String(port)}`)
    const {certificate} = await status()
    const authority = await readFile(certificate?.trustFile ?? '', 'utf8')
    expect(certificate?.names).toContain('localhost')
    expect(await answer(up.url, authority)).toBe('200')
    expect(await answer(up.url)).toMatch(/UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)/)
    const browser = openBrowser(up.url, authority)
    expect(await browser.login('admin', password)).toBe(true)
    await jhub.json('server', 'start', 'admin')
    expect(await browser.runCode('admin', '5*4')).toBe('20')
    expect((await jhub.json<{changes: readonly unknown[]}>('up')).changes).toEqual([])
  })

  it('keeps the trust of people when it goes and comes back', async () => {
    const {certificate} = await status()
    const trusted = await readFile(certificate?.trustFile ?? '', 'utf8')
    await jhub.json('down', '--yes')
    const {url} = await jhub.json<{url: string}>('up')
    expect(await answer(url, trusted)).toBe('200')
  })

  it('by files serves these, and the next ones after the next up; files that do not fit change nothing', async () => {
    const authority = await makeAuthority('Test Authority', Date.now())
    const [first, second] = await Promise.all(
      ['one', 'two'].map((name) => issueCertificate(authority, [name, '127.0.0.1'], Date.now())),
    )
    if (first === undefined || second === undefined) throw new Error('no certificates')
    const put = async (certificate: string, key: string) => {
      await mkdir(path.join(directory, 'certs'), {recursive: true})
      await writeFile(path.join(directory, 'certs', 'hub.pem'), certificate)
      await writeFile(path.join(directory, 'certs', 'hub.key'), key)
    }
    await write(', https: {cert: certs/hub.pem, key: certs/hub.key}')
    await put(first.certificate, second.key)
    const before = await status()
    const refused = await jhub.run('up')
    expect(refused.exitCode).toBe(3)
    expect(refused.stderr).toContain('is the key of another certificate')
    expect((await status()).certificate?.issuer).toBe(before.certificate?.issuer)
    for (const [name, pair] of [
      ['one', first],
      ['two', second],
    ] as const) {
      await put(pair.certificate, pair.key)
      const {url} = await jhub.json<{url: string}>('up')
      expect((await status()).certificate).toMatchObject({issuer: 'Test Authority', names: [name, '127.0.0.1']})
      expect(await openBrowser(url, authority.certificate).login('admin', password)).toBe(true)
    }
  })

  it('can be without it again', async () => {
    await write('')
    const {url} = await jhub.json<{url: string}>('up')
    expect(url).toBe(`http://127.0.0.1:${String(port)}`)
    expect(await openBrowser(url).login('admin', password)).toBe(true)
    expect((await status()).certificate).toBeUndefined()
  })
})
