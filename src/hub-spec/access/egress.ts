import {z} from 'zod'

/** What servers may reach besides the hub: everything, nothing, or these networks (CIDR). Cloud metadata is never among it. */
export type Egress = 'all' | 'none' | readonly string[]

const network = z
  .union([z.cidrv4(), z.cidrv6()])
  .describe('A network, for example 10.0.0.0/8 or 2001:db8::/32; for one address, 10.0.0.7/32.')

export const egressSchema = z
  .union([z.enum(['all', 'none']), z.array(network).min(1)])
  .describe(
    "What people's servers can reach: all (the default), none, or a list of networks such as [10.0.0.0/8]. Cloud metadata and link-local addresses are always blocked.",
  )

export function toEgress(document: z.infer<typeof egressSchema> | undefined): Egress {
  return document ?? 'all'
}

/** In one line, to follow "servers": `reach only 10.0.0.0/8`. */
export function describeEgress(egress: Egress): string {
  if (egress === 'all') return 'reach everything but cloud metadata and link-local addresses'
  return egress === 'none' ? 'reach nothing but the hub' : `reach only ${egress.join(', ')}`
}
