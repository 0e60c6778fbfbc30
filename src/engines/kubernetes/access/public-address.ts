import type {KubeApi, KubeObject} from '../api/kube-api.js'
import type {PodEvent} from '../pods/pod-trouble.js'

/** Where people reach a hub in a cluster that somebody else made. */
export interface PublicAddress {
  readonly url: string
  /** Whether it can be reached from outside the cluster. */
  readonly isOpen: boolean
  /** Why a load balancer has no address yet; absent where none is missing. */
  readonly pending?: string
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

interface Ingress extends KubeObject {
  readonly spec?: {
    readonly rules?: readonly {readonly host?: string}[]
    readonly tls?: readonly {readonly hosts?: readonly string[]}[]
  }
}

interface Node extends KubeObject {
  readonly status?: {readonly addresses?: readonly {readonly type: string; readonly address: string}[]}
}

const serviceName = 'proxy-public'

/** An ingress, else what the service itself opens; a load balancer without an address is reached by its node port. */
export async function readPublicAddress(api: KubeApi, namespace: string): Promise<PublicAddress> {
  const [service, ingresses] = await Promise.all([
    api.read<Service>({apiVersion: 'v1', kind: 'Service', namespace, name: serviceName}),
    api.list<Ingress>({apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace}),
  ])
  const behind = ingresses.map(ingressUrl).find((url) => url !== undefined)
  if (behind !== undefined) return {url: behind, isOpen: true}
  const type = service?.spec?.type
  const [port] = service?.spec?.ports ?? []
  const [balancer] = service?.status?.loadBalancer?.ingress ?? []
  const host = balancer?.hostname ?? balancer?.ip
  if (host !== undefined) return {url: `http://${host}${suffix(port?.port)}`, isOpen: true}
  const pending = type === 'LoadBalancer' ? {pending: await whyPending(api, namespace)} : {}
  if ((type === 'NodePort' || type === 'LoadBalancer') && port?.nodePort !== undefined)
    return {url: `http://${await nodeAddress(api)}:${String(port.nodePort)}`, isOpen: true, ...pending}
  return {url: insideUrl(namespace), isOpen: false, ...pending}
}

/** Where the hub is for what runs in its cluster, and for nobody else. */
export function insideUrl(namespace: string): string {
  return `http://${serviceName}.${namespace}.svc`
}

function ingressUrl({spec}: Ingress): string | undefined {
  const host = spec?.rules?.find((rule) => rule.host !== undefined)?.host
  if (host === undefined) return undefined
  const isSecured = spec?.tls?.some(({hosts = []}) => hosts.includes(host)) === true
  return `${isSecured ? 'https' : 'http'}://${host}`
}

function suffix(port: number | undefined): string {
  return port === undefined || port === 80 ? '' : `:${String(port)}`
}

async function whyPending(api: KubeApi, namespace: string): Promise<string> {
  const events = await api.list<PodEvent>({apiVersion: 'v1', kind: 'Event', namespace})
  const said = events.findLast(
    ({involvedObject, type}) =>
      involvedObject?.kind === 'Service' && involvedObject.name === serviceName && type === 'Warning',
  )
  return said?.message ?? 'nothing in the cluster says that it gives addresses'
}

/** The address of any node; a public one if there is one. */
async function nodeAddress(api: KubeApi): Promise<string> {
  const nodes = await api.list<Node>({apiVersion: 'v1', kind: 'Node'})
  const addresses = nodes.flatMap(({status}) => status?.addresses ?? [])
  const found = ['ExternalIP', 'InternalIP'].flatMap((type) => addresses.filter((each) => each.type === type))
  return found[0]?.address ?? 'localhost'
}
