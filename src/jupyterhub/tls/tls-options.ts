import {checkServerIdentity, type ConnectionOptions} from 'node:tls'
import type {EndpointTrust} from '../hub-connection.js'

/** How TLS is told to trust one endpoint and no other. A certificate that is named itself needs no root above it. */
export function tlsOptions({authorities, name}: EndpointTrust) {
  return {
    ca: authorities,
    allowPartialTrustChain: true,
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  } satisfies ConnectionOptions
}
