import {z} from 'zod'

const network = z
  .union([z.cidrv4(), z.cidrv6()])
  .describe('A network, for example 10.0.0.0/8 or 2001:db8::/32; for one address, 10.0.0.7/32.')

export const egressSchema = z
  .union([z.enum(['all', 'none']), z.array(network).min(1)])
  .describe(
    "What people's servers can reach: all (the default), none, or a list of networks such as [10.0.0.0/8]. Cloud metadata and link-local addresses are always blocked.",
  )

export type EgressDocument = z.infer<typeof egressSchema>
