import type {Files} from '../../../host/files.js'
import type {Tunnels} from '../../../host/tunnels.js'
import type {KubeApi} from './kube-api.js'
import type {ClusterAccess} from '../release/real-helm.js'

/** The API of a cluster when it answers, kept for as long as this process runs; `undefined` when it does not. */
export function reachApi(files: Files, tunnels: Tunnels, access: ClusterAccess): () => Promise<KubeApi | undefined> {
  let reached: KubeApi | undefined
  return async () => {
    if (reached !== undefined) return reached
    if (access.kubeconfig !== undefined && (await files.stat(access.kubeconfig)) === undefined) return undefined
    const {openKubeApi} = await import('./real-kube-api.js')
    const api = await openKubeApi(access, tunnels)
    if (api === undefined || !(await answers(api))) return undefined
    reached = api
    return reached
  }
}

async function answers(api: KubeApi): Promise<boolean> {
  try {
    await api.version()
    return true
  } catch {
    return false
  }
}
