import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect} from 'vitest'
import {issueCertificate, makeAuthority} from '../../src/engines/vm/https/issue-certificate.js'
import {openChromium} from './chromium.js'
import {startOidcProvider, type OidcProvider} from './oidc-provider.js'
import type {RealJhub} from './real-jhub.js'
import type {ServedPlace} from './serve.js'

/** A provider as a university has one: its certificate is of an authority of its own. */
export interface University {
  readonly provider: OidcProvider
  /** Of the authority, PEM. */
  readonly authority: string
  /** Has a hub sign people in there. */
  signInFrom(jhub: RealJhub): Promise<void>
  /** Signs in with a real browser from a hub's login page to its home page, by what a person sees and clicks. */
  signInWithChromium(name: string): Promise<void>
  stop(): Promise<void>
}

/** For a hub at `hub`, at an `address` of this computer that the hub's machine reaches. */
export async function startUniversity(hub: string, address: string): Promise<University> {
  const authority = await makeAuthority('A university', Date.now())
  const place: ServedPlace = {address, ...(await issueCertificate(authority, [address], Date.now()))}
  const provider = await startOidcProvider(`${hub}/hub/oauth_callback`, place)
  return {
    provider,
    authority: authority.certificate,
    async signInFrom(jhub) {
      const ca = path.join(jhub.directory, 'university.pem')
      await writeFile(ca, authority.certificate)
      const set = await jhub.runWithInput(
        `${provider.clientSecret}\n`,
        ...['auth', 'set', 'oidc', '--issuer', provider.issuer, '--client-id', provider.clientId, '--ca', ca],
        ...['--label', 'the university', '--secret-file', '-', '--yes'],
      )
      expect(set, set.stderr).toMatchObject({exitCode: 0})
    },
    async signInWithChromium(name) {
      const browser = await openChromium(place)
      try {
        await browser.goTo(`${hub}/hub/login?next=%2Fhub%2Fhome`)
        await browser.arriveAt(/\/hub\/login/)
        expect(await browser.text()).toContain('Sign in with the university')
        await browser.click('a[href*="oauth_login"]')
        await browser.type('input[name=login]', name)
        await browser.type('input[name=password]', 'any')
        await browser.click('form:has(input[name=login]) [type=submit]')
        await browser.click('form:has(input[value=consent]) [type=submit]')
        expect(await browser.arriveAt(/\/hub\/home$/)).toBe(`${hub}/hub/home`)
        expect(await browser.text()).toContain(name)
      } finally {
        await browser.close()
      }
    },
    stop: () => provider.stop(),
  }
}
