import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {issueCertificate, makeAuthority} from '../../src/engines/vm/https/issue-certificate.js'
import {newPerson, type Person} from './person.js'

let person: Person
beforeEach(async () => {
  person = await newPerson()
  await person.writeSpec(
    'version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\naccess: {https: {internal: true}}\nusers: [ana]\n',
  )
})
afterEach(() => person.leave())

/** A hub whose certificate was issued so many days ago. */
async function startHub(daysAgo: number) {
  const issued = Date.now() - daysAgo * 86_400_000
  const authority = await makeAuthority('jhub test', issued)
  const secured = await issueCertificate(authority, ['localhost', '127.0.0.1'], issued)
  await person.startHub({secured, trust: {authorities: authority.certificate, name: 'localhost'}})
}

describe('a hub with HTTPS', () => {
  it('status tells who issued its certificate, until when, and what to trust', async () => {
    await startHub(0)
    const {stdout} = await person.type('status')
    expect(stdout).toMatch(/HTTPS: {4}by jhub test, until \d{4}-\d\d-\d\d, for localhost, 127\.0\.0\.1\n/)
    expect(stdout).toContain(`Trust:    ${person.directory}/state/jhub/ca.crt`)
    const {certificate} = (await person.json('status')) as {certificate: object}
    expect(Object.keys(certificate)).toEqual(['issuer', 'names', 'validFrom', 'validUntil', 'trustFile'])
    expect((await person.type('user list')).exitCode).toBe(0)
  })

  it.each([
    [380, 'ok    certificate: by jhub test'],
    [390, 'warn  certificate: by jhub test'],
  ])('doctor looks at a certificate of %i days', async (daysAgo, words) => {
    await startHub(daysAgo)
    expect((await person.type('doctor')).stdout).toContain(words)
  })
})
