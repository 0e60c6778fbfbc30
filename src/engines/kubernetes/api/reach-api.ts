import {JhubError} from '../../../errors.js'
import type {Files} from '../../../host/files/files.js'
import type {Tunnels} from '../../../host/network/tunnels.js'
import type {KubeApi} from './kube-api.js'
import type {ClusterAccess} from '../release/real-helm.js'

/**
 * The API of a cluster, for as long as its kubeconfig says the same: one that is made again answers elsewhere, and to other
 * accounts. `undefined` while the kubeconfig of a cluster of ours is missing: then there is none. Throws `JHUB-E211` when the
 * cluster does not answer, and `JHUB-E212` when it does not let us in.
 */
export function reachApi(files: Files, tunnels: Tunnels, access: ClusterAccess): () => Promise<KubeApi | undefined> {
  let last: {readonly config: string; readonly api: Promise<KubeApi>} | undefined
  const ask = async () => {
    const {openKubeApi} = await import('./real-kube-api.js')
    const api = await openKubeApi(access, tunnels)
    await requireAnswer(api)
    return api
  }
  return async () => {
    const config = access.kubeconfig === undefined ? 'of this account' : await files.read(access.kubeconfig)
    if (config === undefined) return undefined
    if (last?.config === config) return last.api
    const asking = {config, api: ask()}
    last = asking
    try {
      return await asking.api
    } catch (error) {
      if (last === asking) last = undefined
      throw error
    }
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
