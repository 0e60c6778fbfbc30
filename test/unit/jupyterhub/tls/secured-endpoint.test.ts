import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {issueCertificate, makeAuthority} from '../../../../src/engines/vm/https/issue-certificate.js'
import {createHubApi} from '../../../../src/jupyterhub/create-hub-api.js'
import {isHubReady} from '../../../../src/jupyterhub/hub-ready.js'
import {readServedCertificate} from '../../../../src/jupyterhub/tls/served-certificate.js'
import {startFakeHub, type FakeHub} from '../../../fakes/fake-hub.js'

const token = 'a'.repeat(64)
let hub: FakeHub
let authority = ''
let stranger = ''
let certificate = ''

beforeAll(async () => {
  const ours = await makeAuthority('ours', Date.now())
  const secured = await issueCertificate(ours, ['hub.example.org', '192.168.1.5'], Date.now())
  authority = ours.certificate
  certificate = secured.certificate
  stranger = (await makeAuthority('ours', Date.now())).certificate
  hub = await startFakeHub({token, secured})
})
afterAll(() => hub.close())

describe('an endpoint of HTTPS', () => {
  it.each([
    ['its authority, by a name', () => ({authorities: authority, name: 'hub.example.org'})],
    ['its authority, by an address', () => ({authorities: authority, name: '192.168.1.5'})],
    ['its certificate itself', () => ({authorities: certificate, name: 'hub.example.org'})],
  ])('is trusted by %s, at whatever address it is reached', async (_, trustOf) => {
    const connection = {url: hub.url, token, trust: trustOf()}
    const api = createHubApi(connection)
    expect(await isHubReady(hub.url, connection.trust)).toEqual({ready: true, answer: 'HTTP 200'})
    expect(await api.isReady()).toBe(true)
    await api.createUsers(['ana'])
    await api.startServer('ana')
    expect((await api.user('ana'))?.server?.ready).toBe(true)
    await api.deleteUser('ana')
    expect((await readServedCertificate(connection))?.toString()).toBe(certificate)
  })

  it.each([
    [
      'another authority of the same name',
      () => ({authorities: stranger, name: 'hub.example.org'}),
      /signature|issuer|verify/i,
    ],
    ['another name', () => ({authorities: authority, name: 'localhost'}), /does not match/],
    ['nobody', () => undefined, /issuer|verify|self-signed/i],
  ])('is refused where %s is trusted', async (_, trustOf, words) => {
    const trust = trustOf()
    const connection = {url: hub.url, token, ...(trust === undefined ? {} : {trust})}
    const seen = await isHubReady(hub.url, trust)
    expect(seen.ready).toBe(false)
    expect(seen.answer).toMatch(words)
    await expect(createHubApi(connection).users()).rejects.toMatchObject({code: 'JHUB-E204'})
    expect(await readServedCertificate(connection)).toBeUndefined()
  })
})
