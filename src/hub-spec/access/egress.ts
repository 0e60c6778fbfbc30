import type {EgressDocument} from './egress-document.js'

/** What servers may reach besides the hub: everything, nothing, or these networks (CIDR). Cloud metadata is never among it. */
export type Egress = 'all' | 'none' | readonly string[]

export function toEgress(document: EgressDocument | undefined): Egress {
  return document ?? 'all'
}

/** In one line, to follow "servers": `reach only 10.0.0.0/8`. */
export function describeEgress(egress: Egress): string {
  if (egress === 'all') return 'reach everything but cloud metadata and link-local addresses'
  return egress === 'none' ? 'reach nothing but the hub' : `reach only ${egress.join(', ')}`
}
