import {definedOnly} from '../../../../defined-only.js'
import type {PlatformStatus} from '../../../engine.js'
import type {KubeApi, KubeObject} from '../../api/kube-api.js'
import {readKubeQuantity} from '../../api/kube-quantity.js'

interface Node extends KubeObject {
  readonly status?: {readonly capacity?: {readonly memory?: string; readonly cpu?: string}}
}

/** Memory and cores of the computer on which all nodes of a cluster of ours run: each node names all of it. */
export async function nodeCapacity(api: KubeApi): Promise<Pick<PlatformStatus, 'memory' | 'cpu'>> {
  const [node] = await api.list<Node>({apiVersion: 'v1', kind: 'Node'})
  const {memory, cpu} = node?.status?.capacity ?? {}
  const [totalBytes, cores] = [readKubeQuantity(memory), readKubeQuantity(cpu)]
  return definedOnly({
    memory: totalBytes === undefined ? undefined : {totalBytes},
    cpu: cores === undefined ? undefined : {cores},
  })
}
