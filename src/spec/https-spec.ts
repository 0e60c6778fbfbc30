import {z} from 'zod'

/** Who vouches for the hub: an authority that jhub makes for it, or whoever signed a certificate that is there already. */
export type HttpsSpec =
  | {readonly by: 'internal'}
  | {
      readonly by: 'files'
      /** PEM: the hub's certificate, then those of the authorities between it and the root. */
      readonly cert: string
      readonly key: string
    }

const file = z.string().regex(/\S/, 'must name a file')

export const httpsSchema = z
  .strictObject({
    internal: z.literal(true).optional().describe('By a certificate authority that jhub makes for this hub alone.'),
    cert: file.optional().describe('A PEM file: the certificate, then those between it and the root. Goes with "key".'),
    key: file.optional().describe('The PEM file of its private key, without a passphrase.'),
    domain: z.string().optional().describe('Not yet: a certificate that is fetched for this name.'),
    email: z.string().optional().describe('Not yet: whom the authority writes to.'),
  })
  .describe('HTTPS, for mode vm: {internal: true}, or {cert: FILE, key: FILE}.')

export type HttpsDocument = z.infer<typeof httpsSchema>

/** The one form that a checked document has. */
export function toHttpsSpec({cert, key}: HttpsDocument): HttpsSpec {
  return cert === undefined || key === undefined ? {by: 'internal'} : {by: 'files', cert, key}
}
