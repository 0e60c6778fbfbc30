import {checkServerIdentity, type ConnectionOptions} from 'node:tls'
import type {DoorTrust} from './hub-connection.js'

/** How TLS is told to trust one door and no other. A certificate that is named itself needs no root above it. */
export function doorOptions({authorities, name}: DoorTrust) {
  return {
    ca: authorities,
    allowPartialTrustChain: true,
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  } satisfies ConnectionOptions
}
