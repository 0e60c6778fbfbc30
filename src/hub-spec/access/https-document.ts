import {z} from 'zod'

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
