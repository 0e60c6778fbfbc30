import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {basePath} from '../../../hub-spec/access/base-url.js'
import {localHost} from '../../../hub-spec/access/ip-address.js'

type Access = HubSpec['access']

/** The address at which this machine reaches a hub, with its path and without a slash at the end. */
export function localUrl(access: Access): string {
  return `${new URL(`${schemeOf(access)}://${localHost(access.address)}:${String(access.port)}`).origin}${basePath(access)}`
}

/** An address with its path, and without a slash at the end. */
export function plainUrl({origin, pathname}: URL): string {
  return `${origin}${pathname.replace(/\/$/, '')}`
}

export function schemeOf({https}: Access): 'http' | 'https' {
  return https === undefined ? 'http' : 'https'
}

/** The port of an address, also where it goes without saying. */
export function portOf(address: string): number {
  const {protocol, port} = new URL(address)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

/** What the proxy listens for: the endpoint that people come by; behind the HTTPS proxy, a port of the machine alone. */
export function proxyAccess(access: Access, portBehindHttps: number): Access {
  const {https, baseUrl, egress} = access
  if (https?.by !== 'acme') return access
  const place = {address: '127.0.0.1', port: portBehindHttps, lan: false, egress}
  return baseUrl === undefined ? place : {...place, baseUrl}
}

/** The ports that people come by. */
export function publicPorts({port, https}: Access): readonly number[] {
  return https?.redirect === undefined ? [port] : [port, https.redirect]
}
