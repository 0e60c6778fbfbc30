import type {HubSpec} from '../../spec/hub-spec.js'
import type {Cluster} from './clusters/cluster.js'

/** What this cluster can and cannot hold to, for the person who answers for it. */
export async function promises({own, layout}: Cluster, spec: HubSpec): Promise<readonly string[]> {
  const {total} = spec.limits
  const isTotal = total.memoryBytes !== undefined || total.cpuCores !== undefined
  return [
    'Each person has a pod and a volume of their own, without rights in the cluster.',
    'Memory and core limits are held by the kernel of the node; running servers are changed in place from Kubernetes 1.33 on.',
    ...(isTotal ? ['What all servers together may use is held by a quota of the namespace.'] : []),
    own === undefined
      ? 'Homes are volume claims: `jhub down` leaves them in the cluster.'
      : `Homes are directories in ${layout.volumes}: they outlive the cluster. Their size is not enforced.`,
  ]
}
