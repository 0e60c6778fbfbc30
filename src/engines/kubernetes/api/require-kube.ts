import {JhubError} from '../../../errors.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeApi} from './kube-api.js'

/** Throws `JHUB-E211` where there is no cluster, or it is stopped; and as `Cluster.api` does. */
export async function requireKube(cluster: Pick<Cluster, 'api' | 'title'>): Promise<KubeApi> {
  const api = await cluster.api()
  if (api === undefined)
    throw new JhubError('JHUB-E211', `The ${cluster.title} is not running`, {fix: ['jhub doctor', 'jhub up']})
  return api
}

/** The cluster's API, or the error that says why it cannot be asked; `undefined` where there is no cluster. */
export async function tryKube(cluster: Pick<Cluster, 'api'>): Promise<KubeApi | JhubError | undefined> {
  try {
    return await cluster.api()
  } catch (error) {
    if (isUnreachable(error)) return error
    throw error
  }
}

/** Whether an error says that the place of a hub could not be asked, which says nothing about the hub. */
function isUnreachable(error: unknown): error is JhubError {
  return error instanceof JhubError && ['JHUB-E211', 'JHUB-E212', 'JHUB-E213'].includes(error.code)
}
