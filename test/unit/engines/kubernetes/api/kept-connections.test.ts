import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {openKubeApi} from '../../../../../src/engines/kubernetes/api/real-kube-api.js'
import {realHost} from '../../../../../src/host/real-host.js'

const credential = {apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: {token: 'word'}}
let directory = ''
let server: Server
let connections = 0

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-kept-'))
  server = createServer((_, response) => {
    response.writeHead(200, {'content-type': 'application/json'})
    response.end(JSON.stringify({gitVersion: 'v1.34.0'}))
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.close()
  await rm(directory, {recursive: true})
})

async function openApi(user: object) {
  const kubeconfig = path.join(directory, 'kubeconfig')
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  const named = {
    clusters: [{name: 'prod', cluster: {server: address, 'insecure-skip-tls-verify': true}}],
    users: [{name: 'prod', user}],
    contexts: [{name: 'prod', context: {cluster: 'prod', user: 'prod'}}],
    'current-context': 'prod',
  }
  await writeFile(kubeconfig, JSON.stringify({apiVersion: 'v1', kind: 'Config', ...named}))
  connections = 0
  return openKubeApi({kubeconfig}, realHost().tunnels)
}

describe('connections to a cluster', () => {
  it('are kept for the next request, and opened again where the cluster closed them', async () => {
    const api = await openApi({token: 'word'})
    for (let count = 0; count < 10; count++) await api.version()
    // A request may begin just before the connection of the one before is free again.
    expect(connections).toBeLessThanOrEqual(2)
    server.closeAllConnections()
    connections = 0
    // The first request may be sent before this side has seen it.
    await expect.poll(() => api.version().catch(() => undefined)).toBe('v1.34.0')
    expect(connections).toBeGreaterThan(0)
  })

  it('are of one request each where a program signs in, which may give another certificate', async () => {
    const command = path.join(directory, 'sign-in')
    await writeFile(command, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`)
    await chmod(command, 0o755)
    const api = await openApi({exec: {apiVersion: credential.apiVersion, command, interactiveMode: 'Never'}})
    for (let count = 0; count < 3; count++) await api.version()
    expect(connections).toBe(3)
  })
})
