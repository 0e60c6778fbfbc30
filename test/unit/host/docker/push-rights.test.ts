import type {IncomingMessage, ServerResponse} from 'node:http'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {refusalOfPush} from '../../../../src/host/docker/push-rights/push-rights.js'
import {listen, makeServer, type Served} from '../../../fakes/listen.js'

const ana = {username: 'ana', password: 'geheim'}
const basic = `Basic ${Buffer.from('ana:geheim').toString('base64')}`
const denied = {errors: [{code: 'DENIED', message: 'requested access to the resource is denied'}]}

/** As registries by the specification of distribution answer; each refuses where it is told to. */
interface Rules {
  readonly challenge: 'basic' | 'bearer' | 'nobody'
  readonly token: {readonly status: number; readonly body: unknown}
  readonly upload: {readonly status: number; readonly body?: unknown}
}

describe('whether a registry takes images, asked before one is built', () => {
  let served: Served
  let rules: Rules
  let asked: string[]
  const answer = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
  const respond = ({method = '', url = '', headers}: IncomingMessage, response: ServerResponse) => {
    const {authorization = ''} = headers
    asked.push(`${method} ${decodeURIComponent(url)} ${authorization}`.trim())
    const {challenge} = rules
    if (url.startsWith('/token')) return answer(response, rules.token.status, rules.token.body)
    if (challenge === 'basic' && authorization !== basic)
      return answer(response, 401, denied, {'www-authenticate': 'Basic realm="people"'})
    if (challenge === 'bearer' && authorization !== 'Bearer pass')
      return answer(response, 401, denied, {'www-authenticate': `Bearer realm="${served.url}/token",service="here"`})
    if (method === 'POST') return answer(response, rules.upload.status, rules.upload.body, {location: '/v2/u/1'})
    return answer(response, 204, '')
  }
  const ask = (login: {username: string; password: string} | undefined) => {
    const host = served.url.replace('http://', '')
    const account = login === undefined ? undefined : {serveraddress: host, ...login}
    return refusalOfPush(`${host}/courses/fake`, account)
  }

  beforeEach(async () => {
    asked = []
    rules = {challenge: 'bearer', token: {status: 200, body: {token: 'pass'}}, upload: {status: 202}}
    served = await listen(makeServer((request, response) => void respond(request, response)))
  })
  afterEach(() => served.stop())

  it('gives up the upload that it began with a token for this repository alone', async () => {
    expect(await ask(ana)).toBeUndefined()
    expect(asked).toEqual([
      'POST /v2/courses/fake/blobs/uploads/',
      `GET /token?service=here&scope=repository:courses/fake:pull,push ${basic}`,
      'POST /v2/courses/fake/blobs/uploads/ Bearer pass',
      'DELETE /v2/u/1 Bearer pass',
    ])
  })

  it.each<[string, Partial<Rules>]>([
    ['with a password', {challenge: 'basic'}],
    ['from everybody', {challenge: 'nobody'}],
  ])('takes it %s', async (_, given) => {
    rules = {...rules, ...given}
    expect(await ask(ana)).toBeUndefined()
    expect(asked.at(-1)).toContain('DELETE /v2/u/1')
  })

  it.each<[string, Partial<Rules>]>([
    ['where the token does not reach so far', {upload: {status: 401, body: denied}}],
    ['where no token is given for it', {token: {status: 403, body: denied}}],
    ['that only reads', {challenge: 'basic', upload: {status: 403, body: denied}}],
  ])('says in its own words that it does not, %s', async (_, given) => {
    rules = {...rules, ...given}
    expect(await ask(ana)).toBe('denied: requested access to the resource is denied')
  })

  it('says so of a registry that is only read', async () => {
    rules = {...rules, challenge: 'basic', upload: {status: 405, body: 'Method not allowed'}}
    expect(await ask(ana)).toBe('it takes no uploads (405 Method Not Allowed)')
  })

  it('says so to nobody in particular', async () => {
    rules = {...rules, challenge: 'basic'}
    expect(await ask(undefined)).toBe('denied: requested access to the resource is denied')
  })

  it.each<[string, Partial<Rules>]>([
    ['a web filter', {challenge: 'nobody', upload: {status: 403, body: '<html>blocked</html>'}}],
    ['trouble of the registry', {upload: {status: 503, body: denied}}],
    ['no token', {token: {status: 500, body: 'oops'}}],
  ])('leaves it to the push where it met %s', async (_, given) => {
    rules = {...rules, ...given}
    expect(await ask(ana)).toBeUndefined()
  })

  it('leaves it to the push where nobody answers', async () => {
    await served.stop()
    expect(await ask(ana)).toBeUndefined()
  })
})
