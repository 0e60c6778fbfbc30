import {newHubState, type FakeHubState, type FakePerson, type FakeUser} from './fake-hub-state.js'
import type {IncomingMessage, RequestListener, ServerResponse} from 'node:http'
import type {LimitsPolicy} from '../../src/hub-spec/limits/resolve-limits.js'
import {listen, makeServer} from './listen.js'
import {browserUser, fakePages, tokenOf} from './fake-pages.js'
import {text} from 'node:stream/consumers'
import {setTimeout as delay} from 'node:timers/promises'

export interface FakeHub {
  readonly url: string
  readonly state: FakeHubState
  /** Every request that came, as `METHOD /path`. */
  readonly requests: string[]
  close(): Promise<void>
}

export interface FakeHubOptions {
  readonly token: string
  readonly port?: number
  readonly state?: FakeHubState
  /** The path below which it is, as `/jupyter/`; at all others it is not found. Default: `/`. */
  readonly below?: string | undefined
  /** The endpoint has HTTPS, by this certificate. */
  readonly secured?: {readonly certificate: string; readonly key: string}
}

class HttpError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

interface Call {
  readonly method: string
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
  readonly hasBody: boolean
  readonly response: ServerResponse
}

/** A server on the loopback address that answers as JupyterHub 5.5 with jhub's authenticator does; unknown routes are 501. */
export async function startFakeHub({
  token,
  port = 0,
  state = newHubState(),
  below = '/',
  secured,
}: FakeHubOptions): Promise<FakeHub> {
  const requests: string[] = []
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`)
    response.setHeader('x-jupyterhub-version', '5.5.0')
    answer(request, response).catch((error: unknown) => {
      const status = error instanceof HttpError ? error.status : 500
      send(response, status, {status, message: error instanceof Error ? error.message : String(error)})
    })
  }
  const server = makeServer(listener, secured)
  const pages = fakePages(state, server)
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (await pages.answer(request, response)) return
    const address = new URL(request.url ?? '', 'http://hub')
    if (!address.pathname.startsWith(below)) throw new HttpError(404, `nothing is at ${address.pathname}`)
    const parts = `/${address.pathname.slice(below.length)}`
      .replace(/^\/hub\/api\/?/, '')
      .split('/')
      .filter(Boolean)
      .map(decodeURIComponent)
    const said = await text(request)
    const call: Call = {
      method: request.method ?? '',
      parts,
      query: address.searchParams,
      hasBody: said !== '',
      body: said === '' ? {} : (JSON.parse(said) as Record<string, unknown>),
      response,
    }
    if (parts.length === 0) {
      await delay(state.busyMs ?? 0)
      state.looksInVain = Math.max(0, (state.looksInVain ?? 0) - 1)
      if (state.looksInVain > 0) throw new HttpError(503, 'Service Unavailable')
      return send(response, 200, {version: '5.5.0'})
    }
    const isOwn = parts[0] === 'users' && parts[1] !== undefined && browserUser(request) === parts[1]
    const isKnown = request.headers.authorization === `token ${token}` || isOwn
    if (!isKnown || state.hasForgotten === true) throw new HttpError(403, 'Missing or invalid credentials.')
    if (isAway(state)) throw new HttpError(503, 'Hub unavailable')
    const asksOnly = call.method === 'GET' || (call.method === 'POST' && parts.join('/') === 'jhub/passwords')
    if (state.agreesOnly === true && !asksOnly) return send(response, call.method === 'POST' ? 201 : 204, [])
    if (parts[0] === 'users') return answerUsers(state, call)
    if (parts[0] === 'groups') return answerGroups(state, call)
    if (parts[0] === 'jhub' && parts[1] === 'seen') return send(response, 200, {people: state.seen})
    if (parts[0] === 'jhub' && (parts[1] === 'sign-in' || parts[1] === 'once')) return answerSignIn(state, call)
    if (parts[0] === 'jhub' && parts[1] === 'trial') return answerTrial(state, call)
    if (parts[0] === 'jhub') return answerPasswords(state, call)
    throw new HttpError(501, `the fake hub has no ${call.method} ${address.pathname}`)
  }

  const {url, stop} = await listen(server, {port})
  return {url, state, requests, close: stop}
}

function isAway(state: FakeHubState): boolean {
  if (state.restartsAfter === undefined) return false
  const left = state.restartsAfter - 1
  state.restartsAfter = left < -3 ? undefined : left
  return left < 0 && left >= -3
}

function answerUsers(state: FakeHubState, call: Call): void {
  const {method, parts, body, hasBody, response} = call
  const [, name, what, more] = parts
  if (name === undefined && method === 'GET')
    return sendPage(
      call,
      [...state.users.keys()].map((each) => userModel(state, each)),
    )
  if (name === undefined && method === 'POST') {
    const fresh = (body['usernames'] as readonly string[]).filter((each) => !state.users.has(each))
    if (fresh.length === 0) throw new HttpError(409, 'All users already exist')
    for (const each of fresh) state.users.set(each, {admin: false, server: undefined})
    return send(
      response,
      201,
      fresh.map((each) => userModel(state, each)),
    )
  }
  const user = state.users.get(name ?? '')
  if (name === undefined || user === undefined) throw new HttpError(404, 'Not Found')
  if (what === undefined && method === 'GET') return send(response, 200, userModel(state, name))
  if (what === undefined && method === 'PATCH') {
    user.admin = body['admin'] === true
    return send(response, 200, userModel(state, name))
  }
  if (what === undefined && method === 'DELETE') {
    const failures = state.failingDeletes.get(name) ?? 0
    state.failingDeletes.set(name, failures - 1)
    if (failures > 0) throw new HttpError(400, `${name}'s server is in the process of stopping, please wait.`)
    state.users.delete(name)
    state.passwords.delete(name)
    for (const {members} of state.groups.values()) members.delete(name)
    return send(response, 204)
  }
  if (what === 'tokens' && method === 'POST') return send(response, 201, {token: tokenOf(name)})
  if (what === 'server' && more === undefined && method === 'POST') {
    if (user.server !== undefined) throw new HttpError(400, `${name} is already running`)
    user.server = 'starting'
    // As the chart's JupyterHub takes it: an empty object chooses nothing, and that is remembered.
    if (hasBody) user.options = body
    user.image = imageOf(state, name)
    return send(response, 202)
  }
  if (what === 'server' && more === 'progress' && method === 'GET') return sendProgress(state, name, user, response)
  if (what === 'server' && method === 'DELETE') {
    if (user.server === 'starting') {
      user.server = 'running'
      throw new HttpError(500, `${name} pending spawn`)
    }
    user.server = undefined
    return send(response, 204)
  }
  throw new HttpError(501, `the fake hub has no ${method} ${parts.join('/')}`)
}

/** As `jhub_images.py` says it. */
function imageOf(state: FakeHubState, name: string): readonly [string, string] | undefined {
  const {policy} = (state.groups.get('jhub-policy')?.properties ?? {}) as {policy?: LimitsPolicy}
  if (policy?.images === undefined) return undefined
  const {users, groups, built, default: everybody, once} = policy.images
  const joined = groups.find(([group]) => state.groups.get(group)?.members.has(name) === true)
  const given = users[name] ?? joined?.[1] ?? everybody
  const chosen = state.users.get(name)?.options?.['image']
  const listed = policy.images.choose?.users[name] ?? policy.images.choose?.default ?? []
  const image = once?.[name] ?? listed.find((each) => each === chosen) ?? given
  const build = image === undefined ? undefined : built[image]
  return image === undefined || build === undefined ? undefined : [image, build]
}

function sendProgress(state: FakeHubState, name: string, user: FakeUser, response: ServerResponse): void {
  response.writeHead(200, {'content-type': 'text/event-stream'})
  const event = (data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`)
  event({progress: 0, message: 'Server requested'})
  const failure = state.failingSpawns.get(name)
  user.server = failure === undefined ? 'running' : undefined
  event(
    failure === undefined
      ? {progress: 100, ready: true, message: `Server ready at /user/${name}/`}
      : {progress: 100, failed: true, message: `Spawn failed: ${failure}`},
  )
  response.end()
}

function answerGroups(state: FakeHubState, call: Call): void {
  const {method, parts, body, response} = call
  const [, name, what] = parts
  const model = (each: string) => {
    const group = state.groups.get(each)
    return {name: each, users: [...(group?.members ?? [])], properties: group?.properties ?? {}}
  }
  if (name === undefined && method === 'GET') return sendPage(call, [...state.groups.keys()].map(model))
  if (name !== undefined && what === undefined && method === 'POST') {
    if (state.groups.has(name)) throw new HttpError(409, `Group ${name} already exists`)
    state.groups.set(name, {members: new Set(), properties: {}})
    return send(response, 201, model(name))
  }
  const group = state.groups.get(name ?? '')
  if (name === undefined || group === undefined) throw new HttpError(404, 'No such group')
  if (what === undefined && method === 'DELETE') {
    state.groups.delete(name)
    return send(response, 204)
  }
  if (what === 'properties' && method === 'PUT') {
    group.properties = body
    return send(response, 200, model(name))
  }
  if (what === 'users') {
    for (const each of body['users'] as readonly string[]) {
      if (!state.users.has(each)) throw new HttpError(400, `No such user: ${each}`)
      if (method === 'POST') group.members.add(each)
      else group.members.delete(each)
    }
    return send(response, 200, model(name))
  }
  throw new HttpError(501, `the fake hub has no ${method} ${parts.join('/')}`)
}

function answerSignIn({signIn, users}: FakeHubState, {method, parts, body, response}: Call): void {
  if (parts[1] === 'once') {
    const name = String(body['name'])
    if (users.get(name)?.admin !== true) throw new HttpError(404, 'no such admin')
    return send(response, 200, {path: `/once?token=link-of-${name}`})
  }
  if (method === 'GET') return send(response, 200, signIn)
  signIn.people = body['people'] as Record<string, FakePerson>
  signIn.removed = signIn.removed.filter((name) => !(name in signIn.people))
  return send(response, 204)
}

function answerTrial({trial}: FakeHubState, {method, response}: Call): void {
  if (method === 'POST') return send(response, 200, {id: 'one', path: '/trial?token=key'})
  return send(response, 200, trial ?? {state: 'waiting'})
}

function answerPasswords(state: FakeHubState, {method, parts, body, response}: Call): void {
  if (parts[1] === 'users' && parts.length === 2 && method === 'DELETE') {
    for (const name of body['names'] as readonly string[]) {
      state.users.delete(name)
      state.passwords.delete(name)
    }
    return send(response, 204)
  }
  if (parts[1] !== 'passwords') throw new HttpError(501, `the fake hub has no ${parts.join('/')}`)
  if (method === 'GET') return send(response, 200, {names: [...state.passwords.keys()]})
  const passwords = Object.entries(body['passwords'] as Record<string, string>)
  if (method === 'POST' && state.cannotCheckPasswords === true) throw new HttpError(405, 'Method Not Allowed')
  if (method === 'POST')
    return send(response, 200, {
      right: passwords.flatMap(([name, password]) => (state.passwords.get(name) === password ? [name] : [])),
      made: [...state.passwords].flatMap(([name, password]) => (isGenerated(password) ? [name] : [])),
    })
  const unknown = passwords.filter(([name]) => !state.users.has(name)).map(([name]) => name)
  if (unknown.length > 0) throw new HttpError(404, `no such user: ${unknown.join(', ')}`)
  if (passwords.some(([, password]) => password.length < 10))
    throw new HttpError(400, 'a password has at least 10 characters')
  for (const [name, password] of passwords) state.passwords.set(name, password)
  return send(response, 204)
}

/** The fake hub keeps no hashes: a password tells by its look whether it was made. */
function isGenerated(password: string): boolean {
  return /^[a-hjkmnp-z2-9]{4}(?:-[a-hjkmnp-z2-9]{4}){2}$/.test(password)
}

function userModel(state: FakeHubState, name: string): object {
  const user = state.users.get(name)
  const groups = [...state.groups].filter(([, {members}]) => members.has(name)).map(([group]) => group)
  const server = user?.server
  return {
    name,
    admin: user?.admin ?? false,
    groups,
    last_activity: null,
    servers:
      server === undefined
        ? {}
        : {
            '': {
              ready: server === 'running',
              pending: server === 'running' ? null : 'spawn',
              url: `/user/${name}/`,
              started: '2026-11-24T10:00:00Z',
              last_activity: null,
              user_options: user?.options ?? {},
              state: {pid: 4242, ...(user?.image === undefined ? {} : {image: user.image})},
            },
          },
  }
}

/** At most as many as asked for and never more than JupyterHub's own 200. */
function sendPage({query, response}: Call, all: readonly object[]): void {
  const offset = Number(query.get('offset') ?? 0)
  const limit = Math.min(Number(query.get('limit') ?? 50), 200)
  send(response, 200, {items: all.slice(offset, offset + limit), _pagination: {offset, limit, total: all.length}})
}

function send(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, {'content-type': 'application/json'})
  response.end(body === undefined ? undefined : JSON.stringify(body))
}
