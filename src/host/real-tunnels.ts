import {createServer} from 'node:net'
import type {Tunnels} from './tunnels.js'

export const realTunnels: Tunnels = {
  open: (onConnection) =>
    new Promise((resolve, reject) => {
      const server = createServer((socket) => {
        socket.unref()
        onConnection(socket)
      })
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => {
        server.unref()
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    }),
}
