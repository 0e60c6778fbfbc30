import {listNames} from '../../../../jupyterhub/list-names.js'
import type {Step} from '../../../../steps/step.js'
import type {KubeObject} from '../../api/kube-api.js'
import {readIfAllowed} from '../../api/read-if-allowed.js'
import {requireKube} from '../../api/require-kube.js'
import type {Cluster} from '../../clusters/cluster.js'
import {trialRefs} from '../../release/trial/try-hub.js'

/** Removes what the trial of a configuration left whose jhub was killed: copies of the hub's secrets are among it. */
export function clearTrial(cluster: Cluster, namespace: string): Step {
  const left = async () => {
    const api = await cluster.api()
    if (api === undefined) return []
    const refs = trialRefs(namespace)
    const found = await Promise.all(refs.map((ref) => readIfAllowed(api, ref)))
    return refs.filter((_, index) => isLeft(found[index]))
  }
  return {
    title: 'Remove what a trial left',
    async check() {
      const names = (await left()).map(({kind, name}) => `${kind} ${name}`)
      return names.length === 0
        ? undefined
        : {summary: `remove what an interrupted trial of settings left: ${listNames(names)}`, disturbs: 'live'}
    },
    async apply() {
      const api = await requireKube(cluster)
      for (const ref of await left()) await api.remove(ref)
    },
  }
}

/** Not what the cluster is taking away already. */
function isLeft(found: KubeObject | 'not allowed' | undefined): boolean {
  return typeof found === 'object' && found.metadata.deletionTimestamp === undefined
}
