import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {listIfAllowed} from '../api/read-if-allowed.js'

interface Node extends KubeObject {
  readonly status?: {readonly images?: readonly {readonly names?: readonly string[] | null}[]}
}

/** Images that nodes say they have, by each of their names; of many, a node tells the largest. Empty where nodes cannot be listed. */
export async function imagesOnNodes(api: KubeApi): Promise<readonly string[]> {
  const nodes = await listIfAllowed<Node>(api, {apiVersion: 'v1', kind: 'Node'})
  if (nodes === 'not allowed') return []
  return nodes.flatMap(({status}) => status?.images ?? []).flatMap(({names}) => names ?? [])
}
