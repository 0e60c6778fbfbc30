import {networkContains} from '../../../host/network/network-contains.js'
import type {Egress} from '../../../hub-spec/access/egress.js'

/** The chart itself lets servers reach the hub, names in the cluster and every public address, and never cloud metadata. */
export function egressValues(egress: Egress): object {
  if (egress === 'all') return {}
  const listed = egress === 'none' ? [] : egress
  return {
    networkPolicy: {
      egressAllowRules: {
        cloudMetadataServer: false,
        dnsPortsCloudMetadataServer: false,
        // The hub is found by its name in the cluster.
        dnsPortsKubeSystemNamespace: true,
        dnsPortsPrivateIPs: true,
        nonPrivateIPs: false,
        privateIPs: false,
      },
      egress: listed.length === 0 ? [] : [{to: listed.map((cidr) => ({ipBlock: {cidr, ...exceptMetadata(cidr)}}))}],
    },
  }
}

const metadata = ['169.254.169.254/32', 'fd00:ec2::254/128'] as const

/** A network without the metadata addresses in it. Kubernetes refuses exceptions that are outside of the network. */
function exceptMetadata(cidr: string): {readonly except?: readonly string[]} {
  const within = metadata.filter((each) => networkContains(cidr, each.split('/')[0] ?? ''))
  return within.length === 0 ? {} : {except: within}
}
