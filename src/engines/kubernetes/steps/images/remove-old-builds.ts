import type {KubeObject} from '../../api/kube-api.js'
import {tryKube} from '../../api/require-kube.js'
import type {Cluster} from '../../clusters/cluster.js'
import type {ImageDelivery} from '../../images/image-delivery.js'
import type {Step} from '../../../../steps/step.js'
import {JhubError} from '../../../../errors.js'

export interface OldBuilds {
  readonly cluster: Cluster
  readonly delivery: ImageDelivery
  readonly namespace: string
  /** References of builds that are in force, or to which one can go back. */
  readonly wanted: () => Promise<readonly string[]>
}

interface Pod extends KubeObject {
  readonly spec?: {readonly containers?: readonly {readonly image?: string}[]}
}

/** Removes builds of images to which nobody can go back, when no server runs from them. */
export function removeOldBuilds({cluster, delivery, namespace, wanted}: OldBuilds): Step {
  const {builder} = cluster
  const leftovers = async () => {
    const there = await builder.builds()
    const api = there.length === 0 ? undefined : await tryKube(cluster)
    // Without a look at who runs what, nothing is known to be old.
    if (api === undefined || api instanceof JhubError) return []
    const pods = await api.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace})
    const used = pods.flatMap(({spec}) => spec?.containers?.map(({image}) => image) ?? [])
    const keep = new Set([...used, ...(await wanted())])
    return there.filter((each) => !keep.has(each))
  }
  return {
    title: 'Remove old builds of images',
    async check() {
      const found = await leftovers()
      return found.length === 0 ? undefined : {summary: `remove ${found.join(', ')}`, disturbs: 'live'}
    },
    async apply() {
      const found = await leftovers()
      await delivery.forget(found)
      await builder.remove(found)
    },
  }
}
