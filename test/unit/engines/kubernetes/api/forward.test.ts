import {once} from 'node:events'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {connect, type AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {WebSocketServer, type WebSocket} from 'ws'
import {openKubeApi} from '../../../../../src/engines/kubernetes/api/real-kube-api.js'
import {realHost} from '../../../../../src/host/real-host.js'

/** Both streams of a port, the data and the errors, begin with its number. */
const portNumber = Buffer.from([0x40, 0x1f])
const stream = (channel: number, data: Buffer | string) => Buffer.concat([Buffer.from([channel]), Buffer.from(data)])

const cluster = new WebSocketServer({host: '127.0.0.1', port: 0, handleProtocols: () => 'v4.channel.k8s.io'})
let directory = ''
let port = 0

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jhub-forward-'))
  const kubeconfig = join(directory, 'kubeconfig')
  const {port: server} = cluster.address() as AddressInfo
  const reached = {server: `http://127.0.0.1:${String(server)}`, 'insecure-skip-tls-verify': true}
  const named = {
    clusters: [{name: 'fake', cluster: reached}],
    users: [{name: 'fake', user: {}}],
    contexts: [{name: 'fake', context: {cluster: 'fake', user: 'fake'}}],
  }
  await writeFile(kubeconfig, JSON.stringify({...named, 'current-context': 'fake'}))
  const api = await openKubeApi({kubeconfig}, realHost().tunnels)
  const url = await api.forward({apiVersion: 'v1', kind: 'Pod', namespace: 'hub', name: 'proxy'}, 8000)
  port = Number(new URL(url).port)
})
afterAll(async () => {
  for (const pod of cluster.clients) pod.terminate()
  cluster.close()
  await rm(directory, {recursive: true})
})

const call = async () => {
  const reached = once(cluster, 'connection') as Promise<[WebSocket]>
  const caller = connect({port, host: '127.0.0.1', allowHalfOpen: true})
  const [pod] = await reached
  pod.send(stream(0, portNumber))
  pod.send(stream(1, portNumber))
  return {caller, pod}
}

describe('a port of a pod, forwarded', () => {
  it('carries both ways', async () => {
    const {caller, pod} = await call()
    const asked = once(pod, 'message')
    caller.write('question')
    expect((await asked)[0]).toEqual(stream(0, 'question'))
    const answered = once(caller, 'data')
    pod.send(stream(0, 'answer'))
    expect(String((await answered)[0])).toBe('answer')
    const closed = once(pod, 'close')
    caller.destroy()
    await closed
  })

  it('ends for the caller when the pod is lost, with all that it said', async () => {
    const {caller, pod} = await call()
    pod.send(stream(0, 'last words'))
    pod.close()
    expect(await text(caller)).toBe('last words')
    caller.destroy()
  })

  it('outlives a caller who breaks off, and lets go of the pod', async () => {
    const {caller, pod} = await call()
    pod.send(stream(0, 'the first words'))
    await once(caller, 'data')
    const told = once(pod, 'close')
    caller.resetAndDestroy()
    pod.send(stream(0, 'too late'))
    await told
    const next = await call()
    expect(next.pod.readyState).toBe(next.pod.OPEN)
    next.caller.destroy()
  })
})
