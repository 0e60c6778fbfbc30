import {JhubError} from '../../../errors.js'
import type {Files} from '../../../host/files/files.js'
import type {Tunnels} from '../../../host/network/tunnels.js'
import type {KubeApi} from './kube-api.js'
import type {ClusterAccess} from '../release/real-helm.js'

/**
 * The API of a cluster, for as long as this process runs; `undefined` while the kubeconfig of a cluster of ours is missing:
 * then there is none. Throws `JHUB-E211` when the cluster does not answer, and `JHUB-E212` when it does not let us in.
 */
export function reachApi(files: Files, tunnels: Tunnels, access: ClusterAccess): () => Promise<KubeApi | undefined> {
  let reached: KubeApi | undefined
  let asking: Promise<KubeApi | undefined> | undefined
  const ask = async () => {
    if (access.kubeconfig !== undefined && (await files.stat(access.kubeconfig)) === undefined) return undefined
    const {openKubeApi} = await import('./real-kube-api.js')
    const api = await openKubeApi(access, tunnels)
    await requireAnswer(api)
    reached = api
    return api
  }
  return async () => {
    if (reached !== undefined) return reached
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

/** A cluster may keep its version from this account, and let it do the rest. */
async function requireAnswer(api: KubeApi): Promise<void> {
  try {
    await api.version()
  } catch (error) {
    if (!(error instanceof JhubError) || error.details?.['status'] !== 403) throw error
  }
}
