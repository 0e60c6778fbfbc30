import {createServer, type RequestListener, type Server} from 'node:http'
import {createServer as createSecureServer, Server as SecureServer} from 'node:https'
import type {AddressInfo, Server as NetServer, Socket} from 'node:net'

/** By which a server is known, PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
}

export interface Served {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Speaks https where it has a certificate. */
export function makeServer(listener: RequestListener, secured?: Certified): Server | SecureServer {
  return secured === undefined
    ? createServer(listener)
    : createSecureServer({cert: secured.certificate, key: secured.key}, listener)
}

/**
 * Listens at the loopback address, and at a free port, where nothing else is said. `stop` ends every connection, also
 * one that has not shaken hands or does not read, as the end of a real server's process would.
 */
export async function listen(
  server: NetServer,
  {port = 0, address = '127.0.0.1'}: {readonly port?: number; readonly address?: string} = {},
): Promise<Served> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, resolve)
  })
  const scheme = server instanceof SecureServer ? 'https' : 'http'
  return {
    url: `${scheme}://${address}:${String((server.address() as AddressInfo).port)}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of open) socket.destroy()
      }),
  }
}
