// Runs configurable-http-proxy by what proxy.json says, and forwards servers to the hub: they cannot speak to a Unix socket.
// Its token comes from a file: in argv or environment other accounts could read it.
'use strict'

const {readFileSync, rmSync} = require('node:fs')
const http = require('node:http')
const net = require('node:net')
const path = require('node:path')
const {pathToFileURL} = require('node:url')

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const {listeners, hubSocket, apiSocket, caddySocket, certificateFile, keyFile, basePath = ''} = settings
const {proxyToken: authToken} = JSON.parse(readFileSync(process.env.JHUB_SECRETS_FILE, 'utf8'))
const hub = `http+unix://${encodeURIComponent(hubSocket)}`

// Ports that are held for the proxy come as descriptors from 3 on, in the order of `listeners` (sd_listen_fds(3)). The last ones
// are missing on a machine without IPv6.
const held = Number(process.env.LISTEN_FDS ?? 0)

// Who keeps a connection for the next request must be the one to end it: the hub and servers do so after 15 seconds (aiohttp),
// Caddy after two minutes. Node's own five seconds end it just as that request is on its way, and the request is lost.
const idleMs = 150_000

function listenAt(server, place) {
  server.on('error', (error) => {
    console.error(error)
    process.exit(1)
  })
  server.listen(place)
}

function serverFor({role, leadsTo}, proxy) {
  if (role === 'redirect') return http.createServer((request, response) => redirect(request, response, leadsTo))
  return role === 'hub' ? hubServer(proxy) : handOver(proxy.proxyServer)
}

// A server listens at one place only; connections that come in at others are handed over to it.
function handOver(server, look = () => undefined) {
  return net.createServer((socket) => {
    look(socket)
    server.emit('connection', socket)
  })
}

// For servers: the hub and nothing else. What a program writes of where its request came from is never the last word.
function hubServer(proxy) {
  return http.createServer({keepAliveTimeout: idleMs}, (request, response) =>
    proxy.proxy.web(request, response, proxy.proxyOptsForTarget(new URL(hub)), (error) => {
      console.error(`the hub does not answer: ${error.message}`)
      if (!response.headersSent) response.writeHead(503)
      response.end()
    }),
  )
}

function redirect({headers, url}, response, port) {
  if (headers.host === undefined) {
    response.writeHead(400).end('This port only redirects to HTTPS, and the request does not say which host it is for.')
    return
  }
  const host = headers.host.replace(/:\d*$/, '')
  response.writeHead(301, {Location: `https://${host}${port === 443 ? '' : `:${port}`}${url}`}).end()
}

// Every request is given the address that it came from, but those of Caddy, which has said it: the hub believes the last.
function sayWhence({proxy}, ofCaddy) {
  for (const kind of ['web', 'ws'])
    proxy.before(kind, 'XHeaders', (request, response, options) => {
      options.xfwd = !ofCaddy.has(request.socket)
    })
}

// Node ends a request that has a body with a write of nothing. Where the hub has answered and closed by then, a Unix socket
// refuses that, unlike a TCP one, and the answer would be lost.
function leaveOutEmptyWrites(proxy) {
  const agent = new http.Agent({keepAlive: true})
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (...words) => {
    const socket = connect(...words)
    const write = socket._write.bind(socket)
    socket._write = (chunk, encoding, done) => (chunk.length === 0 ? done() : write(chunk, encoding, done))
    return socket
  }
  const optionsFor = proxy.proxyOptsForTarget.bind(proxy)
  proxy.proxyOptsForTarget = (target) => {
    const options = optionsFor(target)
    return options.target.socketPath === undefined ? options : {...options, agent}
  }
}

// The hub has a page for every error but for its own absence. Programs are answered as ever: they ask for no page.
function showThatHubIsAway(proxy) {
  const page = readFileSync(path.join(__dirname, 'hub-away.html'))
  const answerWithoutHub = proxy._handleProxyErrorDefault.bind(proxy)
  proxy._handleProxyErrorDefault = (code, kind, request, response) => {
    const wantsPage = kind === 'web' && /\btext\/html\b/.test(request.headers.accept)
    if (!wantsPage || response.headersSent) return answerWithoutHub(code, kind, request, response)
    response.writeHead(code, {'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store'}).end(page)
  }
}

async function main() {
  const module = path.join(process.env.JHUB_PROXY_MODULE, 'index.js')
  const {default: ConfigurableProxy} = await import(pathToFileURL(module).href)
  const proxy = new ConfigurableProxy({
    authToken,
    defaultTarget: hub,
    errorTarget: `${hub}${basePath}/hub/error`,
    prependPath: true,
    includePrefix: true,
    keepAliveTimeout: idleMs,
    headers: {},
    ...(certificateFile === undefined
      ? {}
      : {ssl: {cert: readFileSync(certificateFile), key: readFileSync(keyFile), honorCipherOrder: true}}),
  })
  proxy.apiServer.keepAliveTimeout = idleMs
  leaveOutEmptyWrites(proxy)
  showThatHubIsAway(proxy)
  const ofCaddy = new WeakSet()
  sayWhence(proxy, ofCaddy)
  process.umask(0o177)
  const listenAtSocket = (server, file) => {
    rmSync(file, {force: true})
    listenAt(server, {path: file})
  }
  listenAtSocket(proxy.apiServer, apiSocket)
  if (caddySocket !== undefined)
    listenAtSocket(
      handOver(proxy.proxyServer, (socket) => ofCaddy.add(socket)),
      caddySocket,
    )
  for (const [index, listener] of listeners.entries()) {
    if (held > 0 && index >= held) break
    const server = index === 0 ? proxy.proxyServer : serverFor(listener, proxy)
    listenAt(server, held > 0 ? {fd: 3 + index} : {host: listener.address, port: listener.port})
  }
  process.on('uncaughtException', (error) => console.error(error))
}

main()
