import {randomUUID} from 'node:crypto'
import type {IncomingMessage, Server, ServerResponse} from 'node:http'
import {text} from 'node:stream/consumers'
import {WebSocketServer, type WebSocket} from 'ws'
import type {FakeHubState} from './fake-hub-state.js'

/**
 * The pages that a person's browser sees of a hub and of a server, as JupyterHub 5.5 and JupyterLab answer: a login form with an
 * XSRF token, cookies, a server's own login, contents, sessions and a kernel. A cell `die` ends the kernel, `raise` an error.
 */
export interface FakePages {
  /** False: it is no page, and somebody else answers. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Who has a kernel with an open websocket. */
  readonly withKernel: ReadonlySet<string>
  /** Who opened the login form so far, by the number of times. */
  readonly loginPages: {count: number}
}

export function fakePages(state: FakeHubState, server: Server): FakePages {
  const withKernel = new Set<string>()
  const loginPages = {count: 0}
  const sockets = new WebSocketServer({noServer: true})
  server.on('upgrade', (request, socket, head) => {
    const user = userOf(request)
    const hasToken = request.headers.authorization === `token ${tokenOf(user ?? '')}`
    if (user === undefined || (cookies(request)[`server-of-${user}`] !== user && !hasToken)) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      withKernel.add(user)
      opened.on('close', () => withKernel.delete(user))
      answerKernel(opened)
    })
  })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const {pathname, searchParams} = new URL(request.url ?? '', 'http://hub')
    const known = cookies(request)
    const go = (to: string, ...set: string[]) => {
      response.writeHead(302, {location: to, 'set-cookie': set}).end()
      return true
    }
    const say = (status: number, body: string, ...set: string[]) => {
      response.writeHead(status, {'set-cookie': set}).end(body)
      return true
    }
    if (pathname === '/hub/login' && request.method === 'GET') {
      loginPages.count += 1
      return say(200, '<form>', `_xsrf=${randomUUID()}; Path=/hub/`)
    }
    if (pathname === '/hub/login') {
      const form = new URLSearchParams(await text(request))
      const name = form.get('username') ?? ''
      if (form.get('_xsrf') !== known['_xsrf']) return say(403, '<h1>XSRF cookie does not match</h1>')
      if (state.passwords.get(name) !== form.get('password'))
        return say(403, '<p class="login_error">Invalid username or password</p>')
      return go(searchParams.get('next') ?? '/hub/', `logged-in=${name}; Path=/hub/`)
    }
    if (pathname === '/hub/home') return say(known['logged-in'] === undefined ? 403 : 200, 'home')
    const user = userOf(request)
    if (user === undefined) return false
    if (state.users.get(user)?.server !== 'running') return say(503, '<h1>Your server is stopped</h1>')
    const hasToken = request.headers.authorization === `token ${tokenOf(user)}`
    if (pathname.endsWith('/lab') && hasToken) return say(200, 'lab')
    if (pathname.endsWith('/lab'))
      return known[`server-of-${user}`] === user
        ? say(200, 'lab')
        : go(pathname, `server-of-${user}=${user}; Path=/user/${user}/`, `_xsrf=${randomUUID()}; Path=/user/${user}/`)
    if (request.headers['x-xsrftoken'] !== known['_xsrf'] && !hasToken)
      return say(403, JSON.stringify({message: 'no XSRF token'}))
    if (pathname.includes('/api/contents/')) return say(201, '{}')
    if (pathname.endsWith('/api/sessions')) {
      const {kernel} = JSON.parse(await text(request)) as {kernel: {name?: string}}
      if (kernel.name !== undefined && kernel.name !== 'python3')
        return say(501, JSON.stringify({message: `No such kernel named ${kernel.name}`}))
      return say(201, JSON.stringify({kernel: {id: randomUUID()}}))
    }
    return say(404, JSON.stringify({message: 'no such page'}))
  }
  return {answer, withKernel, loginPages}
}

/** The token that the fake hub gives for somebody. */
export function tokenOf(name: string): string {
  return `token-of-${name}`
}

/** Who asks the hub's API with the cookie of a browser: their name, where the XSRF token is right. */
export function browserUser(request: IncomingMessage): string | undefined {
  const {authorization} = request.headers
  const byToken = /^\/hub\/api\/users\/([^/?]+)/.exec(request.url ?? '')?.[1]
  if (byToken !== undefined && authorization === `token ${tokenOf(byToken)}`) return byToken
  const known = cookies(request)
  const given = request.headers['x-xsrftoken'] ?? new URL(request.url ?? '', 'http://hub').searchParams.get('_xsrf')
  return given !== null && given === known['_xsrf'] ? known['logged-in'] : undefined
}

function userOf(request: IncomingMessage): string | undefined {
  return /^\/user\/([^/?]+)\//.exec(request.url ?? '')?.[1]
}

function cookies({headers}: IncomingMessage): Readonly<Record<string, string>> {
  // Of two cookies with one name, the one of the longer path comes first.
  const pairs = (headers.cookie ?? '').split('; ').map((pair) => pair.split('=') as [string, string])
  return Object.fromEntries(pairs.reverse())
}

function answerKernel(socket: WebSocket): void {
  socket.on('message', (data: Buffer) => {
    const {header, content} = JSON.parse(data.toString()) as {header: object; content: {code: string}}
    const tell = (type: string, said: object) => {
      socket.send(JSON.stringify({header: {msg_type: type}, parent_header: header, content: said}))
    }
    tell('status', {execution_state: 'busy'})
    if (content.code === 'die') {
      tell('status', {execution_state: 'restarting'})
      return
    }
    if (content.code === 'raise') tell('execute_reply', {status: 'error', ename: 'ValueError', evalue: 'too much'})
    else tell('execute_reply', {status: 'ok'})
    tell('status', {execution_state: 'idle'})
  })
}
