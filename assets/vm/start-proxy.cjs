// Runs configurable-http-proxy by what proxy.json says, and leads servers to the hub: they cannot speak to a Unix socket.
// Its token comes from a file: in argv or environment other accounts could read it.
'use strict'

const {readFileSync, rmSync} = require('node:fs')
const http = require('node:http')
const net = require('node:net')
const path = require('node:path')
const {pipeline} = require('node:stream')
const {pathToFileURL} = require('node:url')

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const {listeners, hubSocket, apiSocket, certificateFile, keyFile, isBehindCaddy, basePath = ''} = settings
const {proxyToken: authToken} = JSON.parse(readFileSync(process.env.JHUB_SECRETS_FILE, 'utf8'))
const hub = `http+unix://${encodeURIComponent(hubSocket)}`

// systemd holds the ports, and hands them over from descriptor 3 on in the order of its unit (sd_listen_fds(3)).
const isHeld = Number(process.env.LISTEN_PID) === process.pid

function listenAt(server, place) {
  server.on('error', (error) => {
    console.error(error)
    process.exit(1)
  })
  server.listen(place)
}

function serverFor({role, leadsTo}, proxyServer) {
  if (role === 'public') return proxyServer
  return role === 'redirect'
    ? http.createServer((request, response) => redirect(request, response, leadsTo))
    : hubForward()
}

function redirect({headers, url}, response, port) {
  if (headers.host === undefined) {
    response.writeHead(400).end('This port only leads on to HTTPS, and the request does not say which host it is for.')
    return
  }
  const host = headers.host.replace(/:\d*$/, '')
  response.writeHead(301, {Location: `https://${host}${port === 443 ? '' : `:${port}`}${url}`}).end()
}

function hubForward() {
  return net.createServer({allowHalfOpen: true}, (client) => {
    const upstream = net.connect({path: hubSocket, allowHalfOpen: true})
    pipeline(client, upstream, client, () => undefined)
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

async function main() {
  const module = path.join(process.env.JHUB_PROXY_MODULE, 'index.js')
  const {default: ConfigurableProxy} = await import(pathToFileURL(module).href)
  const proxy = new ConfigurableProxy({
    authToken,
    defaultTarget: hub,
    errorTarget: `${hub}${basePath}/hub/error`,
    // What Caddy says of where a request came from is not to be written over.
    xfwd: !isBehindCaddy,
    prependPath: true,
    includePrefix: true,
    headers: {},
    ...(certificateFile === undefined
      ? {}
      : {ssl: {cert: readFileSync(certificateFile), key: readFileSync(keyFile), honorCipherOrder: true}}),
  })
  leaveOutEmptyWrites(proxy)
  process.umask(0o177)
  rmSync(apiSocket, {force: true})
  listenAt(proxy.apiServer, {path: apiSocket})
  for (const [index, listener] of listeners.entries())
    listenAt(
      serverFor(listener, proxy.proxyServer),
      isHeld ? {fd: 3 + index} : {host: listener.address, port: listener.port},
    )
  process.on('uncaughtException', (error) => console.error(error))
}

main()
