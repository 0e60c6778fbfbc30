import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {basePath} from '../../../hub-spec/access/base-url.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {hostOf, isEveryAddress, isLoopback, localHost} from '../../../hub-spec/access/ip-address.js'
import {waitUntil} from '../../../steps/wait-until.js'
import type {HubAddresses} from '../../../jupyterhub/hub-addresses.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'
import {namespaceOf} from '../clusters/namespace.js'
import {isPodReady, type Pod} from '../pods/pod-trouble.js'
import {insideUrl, readPublicAddress, type PublicAddress} from './public-address.js'

/** The ways to a hub's endpoint. */
export interface HubEndpoint {
  /** Where this process reaches it; `undefined` while there is nothing to reach. */
  reach(): Promise<string | undefined>
  /** Where people reach it, as far as the cluster says. */
  address(): Promise<PublicAddress>
  /** The same, for this computer and for others. */
  addresses(): Promise<HubAddresses>
  /** Gives a load balancer time to get its address, and goes on without. */
  untilAddressed(clock: Clock, signal: AbortSignal): Promise<void>
}

const balancerMs = 60_000

/**
 * In a cluster of ours, the port that was opened when it was made. Elsewhere jhub goes through the cluster's API, whatever
 * people use: that needs no open port, and works behind any ingress.
 */
export function hubEndpoint(cluster: Cluster, spec: HubSpec): HubEndpoint {
  const namespace = namespaceOf(spec)
  const {own} = cluster
  if (own !== undefined) {
    const url = localUrl(spec)
    return {
      reach: async () => ((await cluster.files.stat(cluster.layout.kubeconfig)) === undefined ? undefined : url),
      address: () => Promise.resolve({url, isOpen: true}),
      addresses: () => Promise.resolve(ownAddresses(spec, own)),
      untilAddressed: () => Promise.resolve(),
    }
  }
  let forwarded: {readonly pod: string; readonly url: string} | undefined
  const address = async (): Promise<PublicAddress> => {
    const api = await cluster.api()
    const found =
      api === undefined ? {url: insideUrl(namespace), isOpen: false} : await readPublicAddress(api, namespace)
    return {...found, url: `${found.url}${basePath(spec.access)}`}
  }
  return {
    async reach() {
      const api = await cluster.api()
      const pods = await api?.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace, labels: 'component=proxy'})
      const pod = pods?.find(isPodReady)
      if (api === undefined || pod === undefined) return undefined
      if (forwarded?.pod === pod.metadata.name) return forwarded.url
      const ref = {apiVersion: 'v1', kind: 'Pod', namespace, name: pod.metadata.name}
      forwarded = {pod: pod.metadata.name, url: `${await api.forward(ref, 8000)}${basePath(spec.access)}`}
      return forwarded.url
    },
    address,
    async addresses() {
      const {url, isOpen} = await address()
      const others = isOpen && !isOwnAddress(url) ? [url] : []
      return {here: isOpen ? url : null, others, isOpen: others.length > 0}
    },
    async untilAddressed(clock, signal) {
      const probe = async () => {
        const {pending} = await address()
        return pending === undefined ? {ready: true} : {notYet: pending}
      }
      const what = "the load balancer's address"
      try {
        await waitUntil(probe, {what, deadlineMs: balancerMs, intervalMs: 1_000, clock, signal})
      } catch (error) {
        // The hub runs: `up` tells at its end what is missing, and how it is reached until then.
        if (!(error instanceof JhubError) || error.code !== 'JHUB-E501') throw error
      }
    },
  }
}

/** The address at which this machine reaches the hub's endpoint. */
function localUrl({access}: HubSpec): string {
  return `http://${localHost(access.address)}:${String(access.port)}${basePath(access)}`
}

function ownAddresses(spec: HubSpec, own: OwnCluster): HubAddresses {
  const {address, port, lan} = spec.access
  const hosts = lan ? (isEveryAddress(address) ? own.roomAddresses() : [address]) : []
  const others = hosts
    .filter((host) => !isLoopback(host))
    .map((host) => `http://${hostOf(host)}:${String(port)}${basePath(spec.access)}`)
  return {here: localUrl(spec), others, isOpen: lan}
}

/** Docker Desktop opens load balancers and node ports on this computer alone. */
function isOwnAddress(url: string): boolean {
  const {hostname} = new URL(url)
  return hostname === 'localhost' || isLoopback(hostname)
}
