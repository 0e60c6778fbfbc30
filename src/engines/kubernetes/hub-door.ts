import type {HubSpec} from '../../spec/hub-spec.js'
import type {Cluster} from './clusters/cluster.js'
import type {KubeApi, KubeObject} from './kube-api.js'
import {namespaceOf} from './namespace.js'
import {isPodReady, type Pod} from './pod-trouble.js'

/** The ways to a hub's door. */
export interface HubDoor {
  /** Where this process reaches it; `undefined` while there is nothing to reach. */
  reach(): Promise<string | undefined>
  /** Where people reach it, as far as the cluster says: its address within the cluster when nothing opens it. */
  address(): Promise<string>
}

interface Service extends KubeObject {
  readonly spec?: {
    readonly type?: string
    readonly ports?: readonly {readonly nodePort?: number; readonly port: number}[]
  }
  readonly status?: {
    readonly loadBalancer?: {readonly ingress?: readonly {readonly ip?: string; readonly hostname?: string}[]}
  }
}

/**
 * In a cluster of ours, the port that was opened when it was made. Elsewhere jhub goes through the cluster's API, whatever
 * people use: that needs no open port, and works behind any ingress.
 */
export function hubDoor(cluster: Cluster, spec: HubSpec): HubDoor {
  const namespace = namespaceOf(spec)
  if (cluster.own !== undefined) {
    const url = localUrl(spec)
    return {
      reach: async () => ((await cluster.files.stat(cluster.layout.kubeconfig)) === undefined ? undefined : url),
      address: () => Promise.resolve(url),
    }
  }
  let forwarded: {readonly pod: string; readonly url: string} | undefined
  return {
    async reach() {
      const api = await cluster.api()
      const pods = await api?.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace, labels: 'component=proxy'})
      const pod = pods?.find(isPodReady)
      if (api === undefined || pod === undefined) return undefined
      if (forwarded?.pod === pod.metadata.name) return forwarded.url
      const ref = {apiVersion: 'v1', kind: 'Pod', namespace, name: pod.metadata.name}
      forwarded = {pod: pod.metadata.name, url: await api.forward(ref, 8000)}
      return forwarded.url
    },
    async address() {
      const api = await cluster.api()
      const service = await api?.read<Service>({apiVersion: 'v1', kind: 'Service', namespace, name: 'proxy-public'})
      const [port] = service?.spec?.ports ?? []
      const [balancer] = service?.status?.loadBalancer?.ingress ?? []
      const host = balancer?.hostname ?? balancer?.ip
      if (host !== undefined) return `http://${host}${port?.port === 80 ? '' : `:${String(port?.port)}`}`
      if (api !== undefined && service?.spec?.type === 'NodePort' && port?.nodePort !== undefined)
        return `http://${await nodeAddress(api)}:${String(port.nodePort)}`
      return `http://proxy-public.${namespace}.svc`
    },
  }
}

interface Node extends KubeObject {
  readonly status?: {readonly addresses?: readonly {readonly type: string; readonly address: string}[]}
}

/** Of any node: one that the world can reach, where there is one. */
async function nodeAddress(api: KubeApi): Promise<string> {
  const nodes = await api.list<Node>({apiVersion: 'v1', kind: 'Node'})
  const addresses = nodes.flatMap(({status}) => status?.addresses ?? [])
  const found = ['ExternalIP', 'InternalIP'].flatMap((type) => addresses.filter((each) => each.type === type))
  return found[0]?.address ?? 'localhost'
}

/** The address at which this machine reaches the hub's door. */
function localUrl({access: {address, port}}: HubSpec): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address.includes(':') ? `[${address}]` : address
  return `http://${host}:${String(port)}`
}
