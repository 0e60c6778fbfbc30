import {spawn, type ChildProcess} from 'node:child_process'
import {mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {Agent, createServer, request as ask, type RequestOptions, type Server} from 'node:http'
import {connect, createServer as createTcpServer} from 'node:net'
import {createRequire} from 'node:module'
import {createInterface} from 'node:readline'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'

const starter = fileURLToPath(new URL('../../../../../assets/vm/start-proxy.cjs', import.meta.url))
const module = path.dirname(createRequire(import.meta.url).resolve('configurable-http-proxy/package.json'))

/** Stands in place of systemd: listens at three ports, hands them to the program given, and goes on listening. */
const holder = `
import json, os, socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
child = os.fork()
if child == 0:
    copies = [os.dup(sock.fileno()) for sock in held]
    for number, copy in enumerate(copies):
        os.dup2(os.dup(copy), 40 + number)
    for number in range(len(copies)):
        os.dup2(40 + number, 3 + number)
    os.execve(sys.argv[1], sys.argv[1:], {**os.environ, "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "3"})
print(json.dumps({"child": child, "ports": [sock.getsockname()[1] for sock in held]}), flush=True)
sys.stdin.read()
`

interface Held {
  readonly child: number
  readonly ports: readonly [number, number, number]
}

describe('the proxy', () => {
  let directory = ''
  let hub: Server
  let holding: ChildProcess | undefined
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'jhub-proxy-'))
    hub = createServer((request, response) =>
      response.setHeader('X-Seen', String(request.headers['x-forwarded-for'])).end(`the hub at ${request.url ?? ''}`),
    )
    await new Promise<void>((resolve) => hub.listen(path.join(directory, 'hub.sock'), resolve))
    await writeFile(path.join(directory, 'secrets.json'), '{"proxyToken": "a-token"}')
  })
  afterEach(async () => {
    holding?.kill('SIGKILL')
    hub.closeAllConnections()
    await new Promise((resolve) => hub.close(resolve))
    await rm(directory, {recursive: true, force: true})
  })

  const start = async (listeners: readonly object[], more: object = {}): Promise<Held> => {
    const settings = path.join(directory, 'proxy.json')
    const hubSocket = path.join(directory, 'hub.sock')
    await writeFile(
      settings,
      JSON.stringify({listeners, hubSocket, apiSocket: path.join(directory, 'api.sock'), ...more}),
    )
    const started = spawn('python3', ['-c', holder, process.execPath, starter, settings], {
      env: {
        PATH: process.env['PATH'],
        JHUB_SECRETS_FILE: path.join(directory, 'secrets.json'),
        JHUB_PROXY_MODULE: module,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    holding = started
    for await (const line of createInterface(started.stdout)) if (line.startsWith('{')) return JSON.parse(line) as Held
    throw new Error('it ended')
  }
  const get = async (port: number, place: string, headers: Record<string, string> = {}) => {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`http://127.0.0.1:${String(port)}${place}`, {redirect: 'manual', headers}).catch(
        () => undefined,
      )
      if (answer !== undefined)
        return {
          status: answer.status,
          text: await answer.text(),
          to: answer.headers.get('location'),
          seen: answer.headers.get('x-seen'),
        }
      if (tries > 300) throw new Error('the proxy does not answer')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  it('works at ports that are held for it, and others are not let in when it dies', async () => {
    const place = {address: '127.0.0.1', port: 0}
    const {child, ports} = await start([
      {role: 'public', ...place},
      {role: 'redirect', ...place, leadsTo: 8443},
      {role: 'hub', ...place},
    ])
    const [open, redirect, inner] = ports
    expect(await get(open, '/hub/login')).toMatchObject({status: 200, text: 'the hub at /hub/login'})
    expect(await get(inner, '/hub/api/')).toMatchObject({status: 200, text: 'the hub at /hub/api/'})
    expect(await get(redirect, '/lab?x=1')).toMatchObject({status: 301, to: 'https://127.0.0.1:8443/lab?x=1'})
    expect((await stat(path.join(directory, 'api.sock'))).mode & 0o777).toBe(0o600)

    process.kill(child, 'SIGKILL')
    const late = createTcpServer()
    const outcome = await new Promise((resolve) => {
      late.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      late.listen(open, '127.0.0.1', () => resolve('taken'))
    })
    expect(outcome).toBe('EADDRINUSE')
  })

  it('answers at the loopback address of the other kind too, and goes without on a machine that has none', async () => {
    const place = {address: '127.0.0.1', port: 0}
    const beside = {role: 'public', address: '::1', port: 0}
    const {child, ports} = await start([{role: 'public', ...place}, {role: 'hub', ...place}, beside, beside])
    expect(await get(ports[0], '/hub/login')).toMatchObject({status: 200, text: 'the hub at /hub/login'})
    expect(await get(ports[2], '/user/ana/lab')).toMatchObject({status: 200, text: 'the hub at /user/ana/lab'})
    process.kill(child, 'SIGKILL')
  })

  it('leaves it to others to end a connection that they keep', async () => {
    const place = {address: '127.0.0.1', port: 0}
    const {child, ports} = await start([
      {role: 'public', ...place},
      {role: 'hub', ...place},
    ])
    await get(ports[0], '/hub/login')
    const agent = new Agent({keepAlive: true})
    const isKept = async (to: RequestOptions) =>
      new Promise<boolean>((resolve, reject) => {
        const asked = ask({...to, agent, path: '/hub/api/', method: 'POST'}, (answer) =>
          answer.resume().once('end', () => resolve(asked.reusedSocket)),
        )
        asked.once('error', reject).end('{}')
      })
    const places: readonly RequestOptions[] = [
      ...ports.slice(0, 2).map((port) => ({host: '127.0.0.1', port})),
      {socketPath: path.join(directory, 'api.sock')},
    ]
    try {
      expect(await Promise.all(places.map(isKept))).toEqual([false, false, false])
      await new Promise((resolve) => setTimeout(resolve, 7000))
      expect(await Promise.all(places.map(isKept))).toEqual([true, true, true])
    } finally {
      agent.destroy()
      process.kill(child, 'SIGKILL')
    }
  })

  // The hub counts wrong passwords by the last of these addresses (`JhubAuthenticator.proxies` is 1). Everybody's code can reach
  // each of the ports.
  it.each([
    ['at the public port', 0],
    ['at the port by which servers reach the hub', 1],
    ['at another address', 2],
  ])('says itself where a request came from: %s', async (_, index) => {
    const place = {address: '127.0.0.1', port: 0}
    const caddySocket = path.join(directory, 'caddy.sock')
    const {child, ports} = await start(
      [
        {role: 'public', ...place},
        {role: 'hub', ...place},
        {role: 'public', ...place},
      ],
      {caddySocket},
    )
    const answer = await get(ports[index] ?? 0, '/hub/login', {'X-Forwarded-For': '192.0.2.1'})
    process.kill(child, 'SIGKILL')
    expect(answer.seen).toMatch(/^192\.0\.2\.1, ?(::ffff:)?127\.0\.0\.1$/)
  })

  it('leaves what Caddy says of where a request came from, at a socket that only Caddy reaches', async () => {
    const caddySocket = path.join(directory, 'caddy.sock')
    const {child, ports} = await start([{role: 'public', address: '127.0.0.1', port: 0}], {caddySocket})
    await get(ports[0], '/hub/login')
    expect((await stat(caddySocket)).mode & 0o777).toBe(0o600)
    const seen = await new Promise((resolve, reject) => {
      const headers = {'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Proto': 'https'}
      ask({socketPath: caddySocket, path: '/hub/login', headers}, (response) => resolve(response.headers['x-seen']))
        .once('error', reject)
        .end()
    })
    process.kill(child, 'SIGKILL')
    expect(seen).toBe('192.0.2.1')
  })

  it('leads servers to the hub alone, and says so while it does not answer', async () => {
    const place = {address: '127.0.0.1', port: 0}
    const {child, ports} = await start([
      {role: 'public', ...place},
      {role: 'hub', ...place},
    ])
    expect(await get(ports[1], '/user/ana/api')).toMatchObject({text: 'the hub at /user/ana/api'})
    await new Promise((resolve) => hub.close(resolve).closeAllConnections())
    expect(await get(ports[1], '/hub/api')).toMatchObject({status: 503})
    process.kill(child, 'SIGKILL')
  })

  it('shows people a page while the hub does not answer, and programs its own words', async () => {
    const {child, ports} = await start([{role: 'public', address: '127.0.0.1', port: 0}])
    await get(ports[0], '/hub/login')
    await new Promise((resolve) => hub.close(resolve).closeAllConnections())
    const page = await get(ports[0], '/hub/login', {Accept: 'text/html,application/xhtml+xml,*/*;q=0.8'})
    const api = await get(ports[0], '/hub/api/users', {Accept: 'application/json'})
    process.kill(child, 'SIGKILL')
    expect(page).toMatchObject({status: 503, text: expect.stringContaining('The hub does not answer') as string})
    expect(api).toMatchObject({status: 503, text: 'Service Unavailable'})
  })

  it('gives on what the hub answered before it closed, also to a request with a body', async () => {
    const file = path.join(directory, 'hub.sock')
    await new Promise((resolve) => hub.close(resolve))
    const refusal = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno'
    const brief = createTcpServer((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end(refusal, () => socket.destroy())),
    )
    await new Promise<void>((resolve) => brief.listen(file, resolve))
    const {child, ports} = await start([{role: 'public', address: '127.0.0.1', port: 0}])
    await get(ports[0], '/')
    const put = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(ports[0], '127.0.0.1', () => {
          socket.write('PUT / HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nContent-Length: 2\r\n\r\n')
          setImmediate(() => socket.write('{}'))
        })
        let text = ''
        socket.on('data', (part) => (text += part.toString())).once('error', reject)
        socket.once('close', () => resolve(text.split(' ')[1] ?? ''))
      })
    const answers = []
    for (let n = 0; n < 100; n++) answers.push(await put())
    process.kill(child, 'SIGKILL')
    brief.close()
    expect(new Set(answers)).toEqual(new Set(['403']))
  })
})
