import {createServer} from 'node:net'
import type {Tunnels} from './tunnels.js'

export const realTunnels: Tunnels = {
  open: (onConnection) =>
    new Promise((resolve, reject) => {
      const server = createServer((socket) => {
        socket.unref()
        // Without a listener, a caller who left while its answer was on the way would end this process.
        socket.on('error', () => socket.destroy())
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
