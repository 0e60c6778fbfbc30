import type {ClusterFound, ClusterSettings} from '../cluster.js'
import {publicPort, volumesInNode} from '../names.js'

/** What `docker inspect` says of a node, as far as we read it. */
export interface NodeFacts {
  readonly Name: string
  readonly Config: {readonly Image: string}
  readonly State: {readonly Status: string}
  readonly Mounts: readonly {readonly Source: string; readonly Destination: string}[]
  readonly HostConfig: {
    readonly PortBindings: Readonly<
      Record<string, readonly {readonly HostIp: string; readonly HostPort: string}[] | null>
    > | null
  }
}

/**
 * What the nodes of a cluster tell about it. Ours is known by its volumes: nobody else mounts this hub's directory. A made
 * one has the mark that we leave in it at the end.
 */
export function readCluster(nodes: readonly NodeFacts[], volumes: string, isMarked: boolean): ClusterFound {
  const endpoint = nodes.find(({HostConfig}) => HostConfig.PortBindings?.[`${String(publicPort)}/tcp`])
  if (nodes.length === 0) return {state: 'missing'}
  const isOurs = nodes.some(({Mounts}) =>
    Mounts.some(({Source, Destination}) => Destination === volumesInNode && isSamePath(Source, volumes)),
  )
  if (!isOurs) return {state: 'foreign'}
  if (!isMarked || endpoint === undefined) return {state: 'half-made'}
  const [binding] = endpoint.HostConfig.PortBindings?.[`${String(publicPort)}/tcp`] ?? []
  const settings: ClusterSettings = {
    nodes: nodes.length,
    nodeImage: endpoint.Config.Image,
    address: binding?.HostIp ?? '',
    port: Number(binding?.HostPort),
  }
  return {state: nodes.every(({State}) => State.Status === 'running') ? 'running' : 'stopped', settings}
}

/** Docker Desktop tells a path of this machine with a prefix of its own. */
function isSamePath(source: string, wanted: string): boolean {
  return source === wanted || source === `/host_mnt${wanted}`
}
