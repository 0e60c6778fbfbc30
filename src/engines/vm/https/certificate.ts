import {createPrivateKey, X509Certificate, type KeyObject} from 'node:crypto'

/** A certificate, with those above it, and its private key; both PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

export const dayMs = 86_400_000

/** Every certificate of a PEM text, in its order; `undefined` when it has none, or one that cannot be read. */
export function readChain(pem: string): readonly [X509Certificate, ...X509Certificate[]] | undefined {
  const texts = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  try {
    const [first, ...rest] = texts.map((text) => new X509Certificate(text))
    return first === undefined ? undefined : [first, ...rest]
  } catch {
    return undefined
  }
}

export function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

/** Names and addresses that a certificate is for. */
export function namesOf({subjectAltName = ''}: X509Certificate): readonly string[] {
  return subjectAltName.split(', ').flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? [])
}

export function isAddress(name: string): boolean {
  return name.includes(':') || /^[\d.]+$/.test(name)
}

export function covers(certificate: X509Certificate, name: string): boolean {
  return (isAddress(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined
}

export function daysLeft(certificate: X509Certificate, nowMs: number): number {
  return Math.floor((certificate.validToDate.getTime() - nowMs) / dayMs)
}

/** `Let's Encrypt (R11)`. */
export function issuerOf({issuer}: X509Certificate): string {
  const part = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(issuer)?.[1]
  const [organisation, name] = [part('O'), part('CN')]
  if (organisation === undefined) return name ?? issuer.replaceAll('\n', ', ')
  return name === undefined ? organisation : `${organisation} (${name})`
}
