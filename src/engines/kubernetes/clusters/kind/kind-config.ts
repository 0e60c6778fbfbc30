import {definedOnly} from '../../../../defined-only.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import {publicPort, volumesInNode} from '../names.js'
import type {ClusterSettings, NodeRole} from '../cluster.js'

export function clusterSettings({access, k8s}: HubSpec): ClusterSettings {
  return {nodes: k8s.nodes, nodeImage: k8s.nodeImage, address: access.address, port: access.port}
}

/**
 * The configuration from which kind makes the cluster, as JSON, which is YAML too. The endpoint listens only at the spec's
 * address (kind's own default is every address), and volumes are a directory of this machine that outlives the cluster.
 */
export function kindConfig({nodes, nodeImage, address, port}: ClusterSettings, volumes: string): string {
  const node = (role: 'control-plane' | 'worker') => ({
    role,
    ...definedOnly({image: nodeImage}),
    extraMounts: [{hostPath: volumes, containerPath: volumesInNode}],
    ...(role === 'control-plane'
      ? {extraPortMappings: [{containerPort: publicPort, hostPort: port, listenAddress: address, protocol: 'TCP'}]}
      : {}),
  })
  return JSON.stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: [node('control-plane'), ...Array.from({length: nodes - 1}, () => node('worker'))],
  })
}

/** What differs between what a cluster was made with and what is wanted now; an image left open is any image. */
export function describeSettingsChange(found: ClusterSettings, wanted: ClusterSettings): readonly string[] {
  return [
    ...(found.port === wanted.port && found.address === wanted.address
      ? []
      : [`endpoint ${found.address}:${String(found.port)} → ${wanted.address}:${String(wanted.port)}`]),
    ...(found.nodes === wanted.nodes ? [] : [`nodes ${String(found.nodes)} → ${String(wanted.nodes)}`]),
    ...(wanted.nodeImage === undefined || found.nodeImage === wanted.nodeImage
      ? []
      : [`node image ${found.nodeImage ?? 'unknown'} → ${wanted.nodeImage}`]),
  ]
}

export function clusterName(hubName: string): string {
  return `jhub-${hubName}`
}

/** The node in which hub and proxy run: where there are workers, kind keeps everything away from the control plane. */
export function hubNode(hubName: string, nodes: number): string {
  return `${clusterName(hubName)}-${nodes === 1 ? 'control-plane' : 'worker'}`
}

/** Which of a cluster's nodes run something of a role. */
export function nodesFor(role: NodeRole, names: readonly string[]): readonly string[] {
  const workers = names.filter((name) => !name.endsWith('-control-plane'))
  if (workers.length === 0) return names
  return role === 'servers' ? workers : workers.filter((name) => name.endsWith('-worker'))
}
