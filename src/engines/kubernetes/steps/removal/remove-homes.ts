import type {Step} from '../../../../steps/step.js'
import type {Cluster} from '../../clusters/cluster.js'
import type {KubeApi} from '../../api/kube-api.js'
import {requireKube} from '../../api/require-kube.js'
import {listHomeClaims} from '../../homes/home-claims.js'

/** Deletes the home volumes of people who were told goodbye. Only ever run when the person asked for it. */
export function removeHomes(cluster: Cluster, namespace: string, userNames: readonly string[]): Step {
  const present = async (api: KubeApi) => {
    const homes = await listHomeClaims(api, namespace)
    return homes.flatMap(({user, claim}) => (userNames.includes(user) ? [claim] : []))
  }
  return {
    title: 'Delete homes',
    async check() {
      const api = await cluster.api()
      const found = api === undefined ? [] : await present(api)
      return found.length === 0
        ? undefined
        : {
            summary: `delete ${found.map(({metadata}) => metadata.name).join(', ')}`,
            disturbs: "people's files are deleted",
          }
    },
    async apply() {
      const api = await requireKube(cluster)
      const claims = await present(api)
      for (const {metadata, spec} of claims) {
        await api.remove({apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: metadata.name})
        if (cluster.own !== undefined && spec?.volumeName !== undefined)
          await api.remove({apiVersion: 'v1', kind: 'PersistentVolume', name: spec.volumeName})
      }
      await cluster.own?.deleteVolumes(claims.map(({metadata}) => `${namespace}/${metadata.name}`))
    },
  }
}
