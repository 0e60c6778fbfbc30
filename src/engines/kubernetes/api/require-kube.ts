import {JhubError} from '../../../errors.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeApi} from './kube-api.js'

export async function requireKube(cluster: Pick<Cluster, 'api' | 'title'>): Promise<KubeApi> {
  const api = await cluster.api()
  if (api === undefined)
    throw new JhubError('JHUB-E211', `The ${cluster.title} does not answer`, {fix: ['jhub doctor', 'jhub up']})
  return api
}
