import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {Clock} from '../../../../../src/host/clock.js'
import {findUrl} from '../../../../../src/hub/session/find-url.js'
import {status} from '../../../../../src/hub/status.js'
import {up} from '../../../../../src/hub/up.js'
import {kubernetesWorld, type KubernetesWorld} from '../../../../contract/kubernetes-world.js'
import {quietPort} from '../../../../fakes/quiet-port.js'

let port: number

/** Sleeps as long as it is told to in no time. */
function hastyClock(): Clock {
  let nowMs = 0
  return {
    now: () => nowMs,
    elapsed: () => nowMs,
    sleep: async (durationMs, signal) => {
      signal?.throwIfAborted()
      nowMs += durationMs
    },
  }
}

let world: KubernetesWorld
beforeEach(async () => {
  port = await quietPort()
  world = kubernetesWorld(port, {isOwn: false, clock: hastyClock()})
  put('Node', 'one', {status: {addresses: [{type: 'InternalIP', address: '10.0.0.7'}]}})
})
afterEach(() => world.close())

const put = (kind: string, name: string, more: object, namespace?: string) => {
  const metadata = {name, ...(namespace === undefined ? {} : {namespace})}
  world.objects.set(`${kind}/${namespace ?? ''}/${name}`, {apiVersion: 'v1', kind, metadata, ...more})
}
const bringUp = async (expose: string, baseUrl = '') => {
  await world.files.write(
    '/config/fake.yaml',
    `version: 1\nname: fake\nmode: k8s\nk8s: {cluster: "context:prod"${expose}}\naccess: {port: ${String(port)}${baseUrl}}\nusers: {admin: {admin: true}}\n`,
  )
  return up(world.context(), {admin: 'admin'})
}

describe('the endpoint of a hub in a cluster that was there', () => {
  it.each([
    ['a name', {hostname: 'hub.example.org'}, 'http://hub.example.org'],
    ['an address', {ip: '203.0.113.7'}, 'http://203.0.113.7'],
  ])('is what a load balancer has: %s', async (_, balancer, url) => {
    world.balancer = balancer
    const {url: told, platformNotes} = await bringUp(', expose: loadBalancer')
    expect(told).toBe(url)
    expect(platformNotes.join()).not.toMatch(/load balancer|opens/)
    expect(await findUrl(world.context())).toEqual({url, addresses: {here: url, others: [url], isOpen: true}})
  })

  it('is below the path of access.baseUrl', async () => {
    world.balancer = {hostname: 'hub.example.org'}
    const url = 'http://hub.example.org/jupyter'
    expect((await bringUp(', expose: loadBalancer', ', baseUrl: /jupyter/')).url).toBe(url)
    expect(await findUrl(world.context())).toEqual({url, addresses: {here: url, others: [url], isOpen: true}})
  })

  it('is a node port where the load balancer never gets an address, and that is told with its cause', async () => {
    put(
      'Event',
      'refused',
      {
        involvedObject: {kind: 'Service', name: 'proxy-public'},
        type: 'Warning',
        message: 'Error syncing load balancer: quota exceeded',
      },
      'fake',
    )
    const {url, platformNotes, passwords} = await bringUp(', expose: loadBalancer')
    expect(url).toBe('http://10.0.0.7:30123')
    expect(Object.keys(passwords)).toEqual(['admin'])
    expect(platformNotes[0]).toBe(
      'The load balancer has no address: Error syncing load balancer: quota exceeded. Until then the hub is at http://10.0.0.7:30123, where that can be reached, and `jhub open` opens it from this machine. If the cluster has no load balancers, set k8s.expose: nodePort, or use an ingress.',
    )
    expect((await bringUp(', expose: loadBalancer')).changes).toEqual([])
  })

  it('says that nobody gives addresses, where nobody says anything', async () => {
    const {platformNotes} = await bringUp(', expose: loadBalancer')
    expect(platformNotes[0]).toContain('nothing in the cluster says that it gives addresses')
  })

  it('is a port of a node that the world can reach', async () => {
    put('Node', 'two', {status: {addresses: [{type: 'ExternalIP', address: '198.51.100.2'}]}})
    expect((await bringUp(', expose: nodePort')).url).toBe('http://198.51.100.2:30123')
  })

  it.each([
    ['http', {}],
    ['https', {tls: [{hosts: ['hub.example.org']}]}],
  ])('is what an ingress leads to it by %s', async (scheme, tls) => {
    put('Ingress', 'jupyterhub', {spec: {rules: [{host: 'hub.example.org'}], ...tls}}, 'fake')
    const {url, platformNotes} = await bringUp('')
    expect(url).toBe(`${scheme}://hub.example.org`)
    expect(platformNotes.join()).not.toContain('Nothing opens')
  })

  it('is only jhub to open where nothing else does', async () => {
    const {url, platformNotes} = await bringUp('')
    expect(url).toBeNull()
    expect(platformNotes[0]).toContain('Nothing opens the hub to people: `jhub open` opens it from this machine.')
    expect(platformNotes[1]).toMatch(
      /^The cluster fetches the image of people's servers, \S+, when a server first starts/,
    )
    expect((await status(world.context())).addresses).toEqual({here: null, others: [], isOpen: false})
    const found = await findUrl(world.context())
    expect(found.url).toBe(`http://127.0.0.1:${String(port)}`)
    await found.closed
  })
})
