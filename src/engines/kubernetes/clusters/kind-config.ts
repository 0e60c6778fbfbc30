import type {HubSpec} from '../../../spec/hub-spec.js'
import {doorPort, volumesInNode} from '../names.js'
import type {ClusterSettings} from './cluster.js'

export function clusterSettings({access, k8s}: HubSpec): ClusterSettings {
  return {nodes: k8s.nodes, nodeImage: k8s.nodeImage, address: access.address, port: access.port}
}

/**
 * The configuration from which kind makes the cluster, as JSON, which is YAML too. The door listens only at the spec's
 * address (kind's own default is every address), and volumes are a directory of this machine that outlives the cluster.
 */
export function kindConfig({nodes, nodeImage, address, port}: ClusterSettings, volumes: string): string {
  const node = (role: 'control-plane' | 'worker') => ({
    role,
    ...(nodeImage === undefined ? {} : {image: nodeImage}),
    extraMounts: [{hostPath: volumes, containerPath: volumesInNode}],
    ...(role === 'control-plane'
      ? {extraPortMappings: [{containerPort: doorPort, hostPort: port, listenAddress: address, protocol: 'TCP'}]}
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
      : [`door ${found.address}:${String(found.port)} → ${wanted.address}:${String(wanted.port)}`]),
    ...(found.nodes === wanted.nodes ? [] : [`nodes ${String(found.nodes)} → ${String(wanted.nodes)}`]),
    ...(wanted.nodeImage === undefined || found.nodeImage === wanted.nodeImage
      ? []
      : [`node image ${found.nodeImage ?? 'unknown'} → ${wanted.nodeImage}`]),
  ]
}
