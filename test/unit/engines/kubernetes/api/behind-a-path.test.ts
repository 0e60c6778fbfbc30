import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {createServer, type Server} from 'node:http'
import {connect, type AddressInfo} from 'node:net'
import {once} from 'node:events'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, expect, it} from 'vitest'
import {openKubeApi} from '../../../../../src/engines/kubernetes/api/real-kube-api.js'
import {realHost} from '../../../../../src/host/real-host.js'

const base = '/k8s/clusters/c-m-1'
const asked: string[] = []
let directory = ''
let server: Server

const answer = {gitVersion: 'v1.34.0', items: [], resources: [{name: 'pods', kind: 'Pod', namespaced: true}]}

/** As Rancher has it: the API stands behind a path of another server. It knows pods, of which there are none, and refuses websockets. */
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-behind-'))
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const isLog = request.url?.includes('/log') === true
    response.writeHead(200, {'content-type': isLog ? 'text/plain' : 'application/json'})
    response.end(isLog ? 'a line\n' : JSON.stringify(answer))
  })
  server.on('upgrade', (request, socket) => {
    asked.push(request.url ?? '')
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.close()
  await rm(directory, {recursive: true})
})

it('a cluster whose API stands behind a path is asked below it, whatever for', async () => {
  const kubeconfig = path.join(directory, 'kubeconfig')
  const {port} = server.address() as AddressInfo
  const named = {
    clusters: [
      {name: 'prod', cluster: {server: `http://127.0.0.1:${String(port)}${base}`, 'insecure-skip-tls-verify': true}},
    ],
    users: [{name: 'prod', user: {token: 'word'}}],
    contexts: [{name: 'prod', context: {cluster: 'prod', user: 'prod'}}],
    'current-context': 'prod',
  }
  await writeFile(kubeconfig, JSON.stringify({apiVersion: 'v1', kind: 'Config', ...named}))
  const api = await openKubeApi({kubeconfig}, realHost().tunnels)

  await api.version()
  await api.list({apiVersion: 'v1', kind: 'Pod', namespace: 'class'})
  await api.nodeSummary('node-1')
  const log = {namespace: 'class', pod: 'hub', container: 'hub', lines: 1}
  await Array.fromAsync(api.podLog(log))
  await Array.fromAsync(api.podLog({...log, follow: true}))
  const program = {namespace: 'class', pod: 'hub', container: 'hub', argv: ['true']}
  await expect(api.converse(program, {onLine: () => undefined, onEnd: () => undefined})).rejects.toThrow()
  const local = await api.forward({apiVersion: 'v1', kind: 'Pod', name: 'hub', namespace: 'class'}, 8000)
  const socket = connect(Number(new URL(local).port), '127.0.0.1')
  await once(socket, 'close')

  const api1 = `${base}/api/v1`
  expect(asked.map((url) => url.replace(/\?.*/, ''))).toEqual([
    `${base}/version`,
    api1,
    `${api1}/namespaces/class/pods`,
    `${api1}/nodes/node-1/proxy/stats%2Fsummary`,
    `${api1}/namespaces/class/pods/hub/log`,
    `${api1}/namespaces/class/pods/hub/log`,
    `${api1}/namespaces/class/pods/hub/exec`,
    `${api1}/namespaces/class/pods/hub/portforward`,
  ])
})
