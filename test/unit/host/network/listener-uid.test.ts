import {once} from 'node:events'
import {connect, createServer, type AddressInfo} from 'node:net'
import {describe, expect, it} from 'vitest'
import {listenerUid} from '../../../../src/host/network/listener-uid.js'

describe.runIf(process.platform === 'linux')('who listens at an address', () => {
  it('is the account of the listener, whoever else is connected to that port', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    const client = connect(port, '127.0.0.1')
    try {
      await once(client, 'connect')
      expect(await listenerUid(port, '127.0.0.1')).toBe(process.getuid?.())
      expect(await listenerUid(port, '127.0.0.2')).toBeUndefined()
      expect(await listenerUid((client.address() as AddressInfo).port, '127.0.0.1')).toBeUndefined()
    } finally {
      client.destroy()
      server.close()
    }
  })

  it.each(['0.0.0.0', '::', '::1'])('is found when it listens at %s', async (address) => {
    const server = createServer().listen({port: 0, host: address, ipv6Only: address.includes(':')})
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    try {
      const reached = {'0.0.0.0': '127.0.0.1'}[address] ?? '::1'
      expect(await listenerUid(port, reached)).toBe(process.getuid?.())
    } finally {
      server.close()
    }
  })
})
