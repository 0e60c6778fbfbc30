import {describe, expect, it} from 'vitest'
import {callbackAddresses} from '../../../../src/hub/auth/sign-in-addresses.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const methods = {
  oidc: 'issuer: "https://login.uni.example", clientId: hub',
  github: 'clientId: hub',
  google: 'clientId: hub',
  microsoft: 'tenant: 3f2a0000-0000-4000-8000-000000000000, clientId: hub',
  cilogon: 'clientId: "cilogon:/client_id/3f2a", identityProviders: ["https://idp.uni.example/shibboleth"]',
  lti: 'issuer: "https://moodle.uni.example", clientId: hub, authorizeUrl: "https://moodle.uni.example/a", keysUrl: "https://moodle.uni.example/k"',
} as const

function registered(method: keyof typeof methods, ...others: string[]) {
  const auth = `auth: {method: ${method}, ${methods[method]}}\n`
  const {auth: spec} = parseHubSpec(`version: 1\nname: w\nmode: vm\nusers: {ana: {admin: true}}\n${auth}`)
  return callbackAddresses(spec, {here: 'http://127.0.0.1:8000', others, isOpen: true})
}

describe('the addresses to register at a provider', () => {
  it.each([
    ['oidc', 'many providers refuse an address that is not https'],
    ['github', 'many providers refuse an address that is not https'],
    ['google', 'Google refuses an address that is not https'],
    ['microsoft', 'Microsoft refuses an address that is not https'],
    ['cilogon', 'CILogon refuses an address that is not https'],
    ['lti', 'the platform sends people only to an https address'],
  ] as const)('of a hub in the LAN without HTTPS: %s is told that %s', (method, trouble) => {
    const [here, ...rest] = registered(method, 'http://10.0.0.7:8000').filter(({use}) => use !== 'Initiate login URL')
    expect(here?.trouble).toBeUndefined()
    expect(rest).toMatchObject([{url: expect.stringMatching(/^http:\/\/10\.0\.0\.7:8000\/hub\//) as string}])
    expect(rest[0]?.trouble).toBe(`${trouble}; see access.https`)
  })

  it('have nothing against HTTPS, and are one for each address by which people come', () => {
    expect(registered('google', 'https://hub.uni.example/', 'http://127.0.0.1:8000')).toEqual([
      {url: 'http://127.0.0.1:8000/hub/oauth_callback'},
      {url: 'https://hub.uni.example/hub/oauth_callback'},
    ])
  })
})
