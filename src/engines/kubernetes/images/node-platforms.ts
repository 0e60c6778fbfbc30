import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {KubeObject} from '../api/kube-api.js'
import {listIfAllowed} from '../api/read-if-allowed.js'
import {tryKube} from '../api/require-kube.js'
import type {Cluster} from '../clusters/cluster.js'

interface Node extends KubeObject {
  readonly status?: {readonly nodeInfo?: {readonly operatingSystem?: string; readonly architecture?: string}}
}

/**
 * For which processors nodes run servers, each once: `linux/arm64`. Only nodes to which `k8s.pod.nodeSelector` sends them count.
 * Empty where that cannot be known: no cluster answers, or this account may not list its nodes.
 */
export async function nodePlatforms(cluster: Pick<Cluster, 'api'>, {k8s}: HubSpec): Promise<readonly string[]> {
  const api = await tryKube(cluster)
  if (api === undefined || api instanceof JhubError) return []
  const nodes = await listIfAllowed<Node>(api, {apiVersion: 'v1', kind: 'Node'})
  if (nodes === 'not allowed') return []
  const wanted = Object.entries(k8s.pod.nodeSelector)
  const found = nodes
    .filter(({metadata}) => wanted.every(([key, value]) => metadata.labels?.[key] === value))
    .flatMap(({status}) => {
      const {operatingSystem, architecture} = status?.nodeInfo ?? {}
      return operatingSystem === undefined || architecture === undefined ? [] : [`${operatingSystem}/${architecture}`]
    })
  return [...new Set(found)].toSorted()
}

/** Why images made here do not run on nodes, as a sentence; `undefined` where they do on each. */
export function platformProblem(ours: string, nodes: readonly string[]): string | undefined {
  const others = nodes.filter((each) => each !== ours)
  if (others.length === 0) return undefined
  return nodes.includes(ours)
    ? `images are made for ${ours}, and some nodes are ${others.join(' and ')}: servers do not start there`
    : `images are made for ${ours}, and the nodes are ${others.join(' and ')}`
}

/** What to type or change then. */
export function platformFix(ours: string, nodes: readonly string[]): string {
  return nodes.includes(ours)
    ? `jhub config edit   # k8s: {pod: {nodeSelector: {kubernetes.io/arch: ${ours.split('/')[1] ?? ''}}}}`
    : `docker context use NAME   # a Docker engine for ${nodes.join(' or ')}`
}

/** Throws `JHUB-E230` before an image is made that none of the nodes runs. */
export function requireNodePlatform(image: string, ours: string, nodes: readonly string[]): void {
  const problem = platformProblem(ours, nodes)
  if (problem === undefined || nodes.includes(ours)) return
  throw new JhubError('JHUB-E230', `The image ${image} was not built: ${problem}`, {fix: platformFix(ours, nodes)})
}
