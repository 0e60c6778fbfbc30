import {X509Certificate} from 'node:crypto'
import {connect, type ConnectionOptions} from 'node:tls'
import {tlsOptions} from './tls-options.js'
import type {HubConnection} from '../hub-connection.js'

/** The certificate that an endpoint shows now; `undefined` when it has none, or none that is trusted. Gives up after two seconds. */
export async function readServedCertificate({url, trust}: HubConnection): Promise<X509Certificate | undefined> {
  return trust === undefined ? undefined : readCertificate(url, tlsOptions(trust))
}

/**
 * The certificate that an endpoint shows to who asks for a name, whoever vouches for it: it is looked at, and nothing is said
 * through that endpoint. Gives up after two seconds.
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
