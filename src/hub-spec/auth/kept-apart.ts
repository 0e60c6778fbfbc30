import {isLoopback} from '../access/ip-address.js'

/** Whether nobody between can read the way to a provider or pretend to be it: by HTTPS, or on this computer. */
export function isKeptApart({protocol, hostname}: Pick<URL, 'protocol' | 'hostname'>): boolean {
  return protocol === 'https:' || hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
}
