import {describeEgress} from '../../../hub-spec/access/egress.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Cluster} from '../clusters/cluster.js'
import type {HubEndpoint} from '../access/hub-endpoint.js'
import type {KubeApi} from '../api/kube-api.js'
import {untriedImage} from './untried-image.js'

/** What this cluster can and cannot hold to, for the person who answers for it. */
export async function platformNotes(
  cluster: Cluster,
  endpoint: HubEndpoint,
  spec: HubSpec,
): Promise<readonly string[]> {
  const {own, layout} = cluster
  const api = await cluster.api()
  const {total} = spec.limits
  const isTotal = total.memoryBytes !== undefined || total.cpuCores !== undefined
  return [
    ...(api === undefined ? [] : await endpointNotes(endpoint)),
    ...(api === undefined || own !== undefined ? [] : await imageNotes(api, spec)),
    'Each person has a pod and a volume of their own, without rights in the cluster.',
    'The kernel of the node enforces memory and CPU limits. From Kubernetes 1.33 on, running servers change in place.',
    ...(isTotal ? ['A quota of the namespace limits what all servers use together.'] : []),
    ...(spec.access.egress === 'all'
      ? []
      : [`Servers ${describeEgress(spec.access.egress)}, where the network of the cluster enforces a NetworkPolicy.`]),
    own === undefined
      ? 'Homes are volume claims: `jhub down` leaves them in the cluster.'
      : `Homes are directories in ${layout.volumes}: they outlive the cluster. Their size is not enforced.`,
  ]
}

/** In a cluster of ours, `up` has already fetched the image. */
async function imageNotes(api: KubeApi, spec: HubSpec): Promise<readonly string[]> {
  const image = await untriedImage(api, spec)
  if (image === undefined) return []
  return [
    `The cluster fetches the image of people's servers, ${image}, when a server first starts. Whether it can is not known yet. \`jhub server start NAME\` tries it.`,
  ]
}

async function endpointNotes(endpoint: HubEndpoint): Promise<readonly string[]> {
  const {url, isOpen, pending} = await endpoint.address()
  const inside = '`jhub open` opens it from this machine.'
  if (pending !== undefined) {
    const until = isOpen ? `Until then the hub is at ${url}, where that can be reached, and ${inside}` : inside
    return [
      `The load balancer has no address: ${pending}. ${until} If the cluster has no load balancers, set k8s.expose: nodePort, or use an ingress.`,
    ]
  }
  return isOpen ? [] : [`Nothing opens the hub to people: ${inside} k8s.expose or an ingress in k8s.values opens it.`]
}
