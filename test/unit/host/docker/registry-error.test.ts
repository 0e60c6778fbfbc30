import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {isMissing, isRefusal, translateRegistryError} from '../../../../src/host/docker/registry-error.js'

const host = 'registry.example:5000'
const refusal = (said: string, statusCode?: number) => Object.assign(new Error(said), {statusCode})
const told = (error: Error) => translateRegistryError(error, host, 'sending the image data-1') as JhubError

describe('what an engine says of a registry, by Docker 26 and docker-registry 2.8', () => {
  it.each([
    ['no basic auth credentials', undefined, 'refuses access', `jhub image login ${host}`],
    ['unauthorized: authentication required', undefined, 'refuses access', `jhub image login ${host}`],
    ['denied: requested access to the resource is denied', undefined, 'refuses access', `jhub image login ${host}`],
    [
      '(HTTP code 500) server error - login attempt to http://localhost:20601/v2/ failed with status: 401 Unauthorized ',
      500,
      'refuses access',
      `jhub image login ${host}`,
    ],
    [
      'Get "https://registry.example:5000/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      undefined,
      'does not trust the certificate',
      `/etc/docker/certs.d/${host}/ca.crt`,
    ],
    [
      'Get "https://registry.example:5000/v2/": http: server gave HTTP response to HTTPS client',
      undefined,
      'uses HTTP',
      `"insecure-registries": ["${host}"]`,
    ],
    [
      '(HTTP code 500) server error - Get "http://localhost:20609/v2/": dial tcp 127.0.0.1:20609: connect: connection refused ',
      500,
      'does not answer',
      `curl -I https://${host}/v2/`,
    ],
    [
      'Get "https://nosuch.invalid/v2/": dial tcp: lookup nosuch.invalid on 10.255.255.53:53: no such host',
      undefined,
      'does not answer',
      `curl -I https://${host}/v2/`,
    ],
    ['received unexpected HTTP status: 507 no quota', 500, 'refuses', `docker login ${host}`],
  ])('%s', (said, status, message, fix) => {
    const error = told(refusal(said, status))
    expect(error).toMatchObject({code: 'JHUB-E236'})
    expect(error.message).toContain(message)
    expect(error.message).toContain('while sending the image data-1')
    expect(error.suggestions.join('\n')).toContain(fix)
    expect((error.cause as Error).message).toBe(said.replace('(HTTP code 500) server error - ', '').trim())
  })

  it.each([
    ['unauthorized: authentication required', true],
    ['dial tcp 10.0.0.1:443: i/o timeout', false],
    ['toomanyrequests: You have reached your unauthenticated pull rate limit', false],
  ])('%s: a refusal is %s', (said, refused) => {
    expect(isRefusal(told(refusal(said, 500)))).toBe(refused)
  })

  it('an engine that is not there is told as that', () => {
    const gone = Object.assign(new Error('connect ENOENT /var/run/docker.sock'), {code: 'ENOENT'})
    expect(told(gone)).toMatchObject({code: 'JHUB-E215'})
  })

  it.each([
    ['(HTTP code 404) no such image - manifest unknown: manifest unknown ', 404, true],
    ['manifest unknown: manifest unknown', undefined, true],
    ['name unknown: repository name not known to registry', 500, true],
    ['unauthorized: authentication required', 500, false],
  ])('%s: missing is %s', (said, status, missing) => {
    expect(isMissing(refusal(said, status))).toBe(missing)
  })
})
