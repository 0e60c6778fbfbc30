import {generateKeyPairSync} from 'node:crypto'
import {afterEach, beforeAll, describe, expect, it} from 'vitest'
import {ensureCertificate} from '../../../../../src/engines/vm/steps/https/ensure-certificate.js'
import {covers, namesOf, readChain, type KeyPair} from '../../../../../src/engines/vm/https/certificate.js'
import {checkCertificate} from '../../../../../src/engines/vm/https/check-certificate.js'
import {publicUrl} from '../../../../../src/engines/vm/https/certificate-status.js'
import {issueCertificate, makeAuthority} from '../../../../../src/engines/vm/https/issue-certificate.js'
import {wantedNames} from '../../../../../src/engines/vm/https/wanted-names.js'
import type {HubSpec} from '../../../../../src/hub-spec/hub-spec.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {runSteps} from '../../../../../src/steps/run-steps.js'
import {fakeMachine, type FakeMachine} from '../../../../fakes/fake-machine.js'

const day = 86_400_000
const today = Date.UTC(2026, 5, 1)
const accessOf = (text: string): HubSpec['access'] =>
  parseHubSpec(`version: 1\nname: fake\nmode: vm\naccess: {${text}}\n`).access

describe("the names of the hub's own certificate", () => {
  it.each([
    ['https: {internal: true}', []],
    ['lan: true, https: {internal: true}', ['laptop', '192.168.1.5']],
    ['address: 127.0.0.2, https: {internal: true}', ['127.0.0.2']],
    ['address: 192.168.1.5, lan: true, https: {internal: true}', ['192.168.1.5', 'laptop']],
  ])('for access %s', (access, more) => {
    const names = wantedNames(accessOf(access), ['laptop', '192.168.1.5'])
    expect(names).toEqual(['localhost', '127.0.0.1', '::1', ...more])
  })
})

describe('certificate files of the spec', () => {
  let authority: KeyPair
  let good: KeyPair
  let other: KeyPair
  beforeAll(async () => {
    authority = await makeAuthority('Test Authority', today)
    good = await issueCertificate(authority, ['hub.example.org', '*.hub.example.org'], today)
    other = await issueCertificate(authority, ['localhost', '127.0.0.1'], today)
  })

  const check = (texts: Partial<KeyPair>, {nowMs = today, access = 'lan: true'} = {}) =>
    checkCertificate({by: 'files', cert: '/tls/hub.pem', key: '/tls/hub.key', texts, access: accessOf(access), nowMs})

  it('that belong together are fine, alone or with their authority', () => {
    const found = 'by Test Authority, for hub.example.org, *.hub.example.org, until 2027-07-03'
    expect(check(good)).toEqual({check: 'certificate /tls/hub.pem', state: 'ok', found})
    expect(check({...good, certificate: good.certificate + authority.certificate})).toMatchObject({state: 'ok'})
    expect(check(other, {access: ''})).toMatchObject({state: 'ok'})
  })

  it('that cannot be used are told with what mends it', () => {
    const encrypted = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: {type: 'spki', format: 'pem'},
      privateKeyEncoding: {type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret'},
    }).privateKey
    const cases: readonly (readonly [Partial<KeyPair>, string, number?])[] = [
      [{key: good.key}, 'there is no such file'],
      [{certificate: good.certificate}, 'there is no /tls/hub.key'],
      [{...good, certificate: 'hello'}, 'it holds no certificate'],
      [{...good, key: 'hello'}, '/tls/hub.key holds no private key'],
      [{...good, key: encrypted}, '/tls/hub.key has a passphrase'],
      [{...good, key: other.key}, '/tls/hub.key is the key of another certificate'],
      [
        {...good, certificate: authority.certificate + good.certificate},
        "the hub's own certificate is not the first in it",
      ],
      [
        {...good, certificate: good.certificate + other.certificate},
        'certificate 2 in it did not sign the one before it',
      ],
      [good, 'it ended on 2027-07-03', today + 400 * day],
      [good, 'it begins on 2026-05-31', today - 10 * day],
    ]
    for (const [texts, found, nowMs] of cases)
      expect(check(texts, nowMs === undefined ? {} : {nowMs}), found).toMatchObject({state: 'problem', found})
  })

  it('that end soon, or are for a name that leads nowhere here, are a warning', () => {
    expect(check(good, {nowMs: today + 383 * day})).toMatchObject({state: 'ok'})
    expect(check(good, {nowMs: today + 384 * day})).toMatchObject({state: 'warning', needed: 'more than 14 days'})
    expect(check(good, {access: ''})).toMatchObject({
      state: 'warning',
      fix: 'Set access.lan: true in the settings file',
    })
  })

  it('give the hub its address', () => {
    const files = (more: string) => accessOf(`${more}https: {cert: a, key: b}`)
    expect(publicUrl('https://127.0.0.1:8000', files('lan: true, '), ['*.x.org', 'x.org'])).toBe('https://x.org:8000')
    expect(publicUrl('https://127.0.0.1:8000', files('lan: true, '), ['x.org', '127.0.0.1'])).toBe(
      'https://127.0.0.1:8000',
    )
    expect(publicUrl('https://127.0.0.1:8000', files(''), ['x.org'])).toBe('https://127.0.0.1:8000')
    expect(publicUrl('https://127.0.0.1:8000', files(''), ['x.org', 'localhost'])).toBe('https://localhost:8000')
  })
})

describe("the hub's own authority", () => {
  let fake: FakeMachine
  let now = today
  let names = ['laptop', '192.168.1.5']
  const spec = parseHubSpec('version: 1\nname: fake\nmode: vm\naccess: {lan: true, https: {internal: true}}\n')
  const directory = '/data/fake/authority'
  const read = (file: string) => fake.files.entries.get(file)?.text ?? ''
  const step = () =>
    ensureCertificate({
      machine: {...fake.machine, network: {...fake.machine.network, otherNames: () => names}},
      clock: {now: () => now, elapsed: () => now, sleep: async () => undefined},
      spec,
      local: fake.files,
      state: '/state/fake',
    })
  const bring = () => runSteps([step()], {signal: new AbortController().signal})
  const server = () => {
    const [leaf] = readChain(read(`${directory}/server.crt`)) ?? []
    if (leaf === undefined) throw new Error('no certificate')
    return leaf
  }

  const start = () => {
    fake = fakeMachine(18_719)
    now = today
    names = ['laptop', '192.168.1.5']
  }
  afterEach(() => fake.close())

  it('is made once, its keys for nobody else, and a certificate for the names of today', async () => {
    start()
    expect(await bring()).toMatchObject([{summary: 'make a certificate authority and a certificate'}])
    expect(read('/state/fake/ca.crt')).toBe(read(`${directory}/ca.crt`))
    for (const file of ['ca.crt', 'ca.key', 'server.crt', 'server.key'])
      expect(fake.files.entries.get(`${directory}/${file}`)?.mode, file).toBe(0o600)
    expect(fake.files.entries.get(directory)?.mode).toBe(0o700)
    expect(fake.files.entries.get('/state/fake/ca.crt')?.mode).toBe(0o644)
    for (const name of ['localhost', '127.0.0.1', '::1', ...names]) expect(covers(server(), name), name).toBe(true)
    expect(covers(server(), '192.168.1.6')).toBe(false)
    expect(await bring()).toEqual([])
  })

  it('renews the certificate and stays itself', async () => {
    start()
    await bring()
    const trusted = read(`${directory}/ca.crt`)
    now = today + 366 * day
    expect(await bring()).toEqual([])
    now = today + 368 * day
    const changes = await bring()
    expect(changes).toMatchObject([
      {
        summary: "make the hub's certificate again: it ends in 29 days",
        disturbs: 'hub restarts (servers keep running)',
      },
    ])
    names = ['laptop', '10.0.0.7']
    expect(await bring()).toMatchObject([{summary: "make the hub's certificate again: it is not for 10.0.0.7"}])
    expect(namesOf(server())).toContain('10.0.0.7')
    expect(read(`${directory}/ca.crt`)).toBe(trusted)
    expect(await bring()).toEqual([])
  })

  it('that was lost here is put here again; one that is damaged is set aside', async () => {
    start()
    await bring()
    await fake.files.remove('/state/fake/ca.crt')
    expect(await bring()).toMatchObject([{summary: 'put the certificate that people trust at /state/fake/ca.crt'}])
    await fake.files.write(`${directory}/ca.key`, 'half a ke')
    expect(await bring()).toMatchObject([
      {summary: 'make a new certificate authority: the one before is damaged (everybody has to trust it again)'},
    ])
    expect(read(`${directory}/ca.key.before-${String(now)}`)).toBe('half a ke')
    expect(await bring()).toEqual([])
  })

  it.each(['server.key', 'server.crt'])('makes a certificate again when %s is damaged', async (file) => {
    start()
    await bring()
    await fake.files.write(`${directory}/${file}`, 'half')
    expect(await bring()).toMatchObject([{summary: "make the hub's certificate again: it is damaged"}])
    expect(await bring()).toEqual([])
  })

  it('goes again with a failed first run, and stays with a later one', async () => {
    start()
    const failing = {
      title: 'Fail',
      check: async () => ({summary: 'fail', disturbs: 'live'}) as const,
      apply: () => Promise.reject(new Error('no')),
    }
    const fail = () => runSteps([step(), failing], {signal: new AbortController().signal})
    await expect(fail()).rejects.toThrow('no')
    expect([...fake.files.entries.keys()].filter((file) => /\.(crt|key)$/.test(file))).toEqual([])
    await bring()
    now = today + 390 * day
    await expect(fail()).rejects.toThrow('no')
    expect(read(`${directory}/ca.key`)).not.toBe('')
  })
})
