import {X509Certificate} from 'node:crypto'
import {connect, type ConnectionOptions} from 'node:tls'
import {doorOptions} from './door-options.js'
import type {HubConnection} from './hub-connection.js'

/** The certificate that a door shows now; `undefined` when it has none, or none that is trusted. Gives up after two seconds. */
export async function readServedCertificate({url, trust}: HubConnection): Promise<X509Certificate | undefined> {
  return trust === undefined ? undefined : readCertificate(url, doorOptions(trust))
}

/**
 * The certificate that a door shows to who asks for a name, whoever vouches for it: it is looked at, and nothing is said
 * through that door. Gives up after two seconds.
 */
export function readShownCertificate(url: string, name: string): Promise<X509Certificate | undefined> {
  return readCertificate(url, {servername: name, rejectUnauthorized: false})
}

async function readCertificate(url: string, options: ConnectionOptions): Promise<X509Certificate | undefined> {
  const {hostname, port} = new URL(url)
  const {promise, resolve} = Promise.withResolvers<X509Certificate | undefined>()
  const socket = connect({
    ...options,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port === '' ? 443 : port),
    timeout: 2_000,
  })
  socket.once('secureConnect', () => resolve(socket.getPeerX509Certificate()))
  socket.once('timeout', () => resolve(undefined))
  socket.once('error', () => resolve(undefined))
  try {
    return await promise
  } finally {
    socket.destroy()
  }
}
