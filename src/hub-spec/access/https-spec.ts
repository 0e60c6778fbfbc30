import {definedOnly} from '../../defined-only.js'
import type {HttpsDocument} from './https-document.js'

interface Redirecting {
  /** The port that redirects plain HTTP to the hub; absent: none does. */
  readonly redirect?: number
}

/** By an authority that jhub makes for the hub. */
export interface InternalSpec extends Redirecting {
  readonly by: 'internal'
}

/** By a certificate that is there already. */
export interface FilesSpec extends Redirecting {
  readonly by: 'files'
  /** PEM: the hub's certificate, then those of the authorities between it and the root. */
  readonly cert: string
  readonly key: string
}

/** By an authority that is asked for a certificate, and asked again before it ends. */
export interface AcmeSpec extends Redirecting {
  readonly by: 'acme'
  /** The name by which people come. */
  readonly domain: string
  readonly email?: string
  /** Where the authority speaks ACME; absent: Let's Encrypt. */
  readonly directory?: string
  /** PEM: the root by which the directory itself is known, where the system does not know it. */
  readonly ca?: string
}

/** https://letsencrypt.org/docs/staging-environment/ */
export const letsEncrypt = {
  directory: 'https://acme-v02.api.letsencrypt.org/directory',
  stagingDirectory: 'https://acme-staging-v02.api.letsencrypt.org/directory',
}

/** Who vouches for the hub. */
export type HttpsSpec = InternalSpec | FilesSpec | AcmeSpec

/** Where a hub listens of itself: by a fetched certificate at the port that browsers take for https://. */
export function defaultPort(domain: string | undefined): number {
  return domain === undefined ? 8000 : 443
}

/** The one form that a checked document has. */
export function toHttpsSpec(document: HttpsDocument, {port, lan}: {port: number; lan: boolean}): HttpsSpec {
  const {cert, key, domain, email, directory, ca} = document
  const redirect = document.redirect ?? (port === 443 && lan ? 80 : false)
  const redirecting = redirect === false ? {} : {redirect}
  if (domain !== undefined) {
    return {
      by: 'acme',
      domain: domain.toLowerCase(),
      ...definedOnly({email, directory, ca}),
      ...redirecting,
    }
  }
  if (cert !== undefined && key !== undefined) return {by: 'files', cert, key, ...redirecting}
  return {by: 'internal', ...redirecting}
}
