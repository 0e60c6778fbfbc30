import {z} from 'zod'
import {definedOnly} from '../../defined-only.js'

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

const file = z.string().regex(/\S/, 'must name a file')
const emailAddress = z.email('must be an e-mail address, for example ops@example.org')
const domainPattern = /^(?=.{1,253}$)(?:[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?\.)+[A-Za-z][A-Za-z\d-]*[A-Za-z\d]$/

export const httpsSchema = z
  .strictObject({
    internal: z.literal(true).optional().describe('Use a certificate authority that jhub creates for this hub alone.'),
    cert: file.optional().describe('A PEM file: the certificate, then the intermediate ones. Needs "key".'),
    key: file.optional().describe('The PEM file of its private key, without a passphrase.'),
    domain: z
      .string()
      .regex(domainPattern, 'must be a name, for example hub.example.org')
      .optional()
      .describe("The domain name to obtain a certificate for. By setting it, you agree to the authority's terms."),
    email: emailAddress.optional().describe('The address to which the authority writes. Needs "domain".'),
    directory: z
      .url({protocol: /^https$/, error: 'must be the https:// address of an ACME directory'})
      .optional()
      .describe('Another authority\'s ACME directory. Default: Let\'s Encrypt. Needs "domain".'),
    ca: file.optional().describe('A PEM file: the root certificate of the directory. Needs "directory".'),
    redirect: z
      .union([z.literal(false), z.int().min(1).max(65_535)])
      .optional()
      .describe('The port that redirects http:// to https://, or false. Default: 80 when the port is 443.'),
  })
  .describe('HTTPS, for mode vm: {internal: true}, {cert: FILE, key: FILE}, or {domain: NAME, email: ADDRESS}.')

export type HttpsDocument = z.infer<typeof httpsSchema>

export function isDomain(text: string): boolean {
  return domainPattern.test(text)
}

export function isEmail(text: string): boolean {
  return emailAddress.safeParse(text).success
}

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
