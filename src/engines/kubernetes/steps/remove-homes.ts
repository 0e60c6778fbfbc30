import type {Step} from '../../../steps/step.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {requireKube} from '../api/require-kube.js'

/** KubeSpawner writes the person's name on the claim of their home as it is, whatever the claim had to be called. */
const userAnnotation = 'hub.jupyter.org/username'

interface Claim extends KubeObject {
  readonly spec?: {readonly volumeName?: string}
}

/** Deletes the home volumes of people who were told goodbye. Only ever run when the person asked for it. */
export function removeHomes(cluster: Cluster, namespace: string, userNames: readonly string[]): Step {
  const present = async (api: KubeApi) => {
    const claims = await api.list<Claim>({apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace})
    return claims.filter(({metadata}) => userNames.includes(metadata.annotations?.[userAnnotation] ?? ''))
  }
  return {
    title: 'Delete homes',
    async check() {
      const api = await cluster.api()
      const found = api === undefined ? [] : await present(api)
      return found.length === 0
        ? undefined
        : {summary: `delete ${found.map(({metadata}) => metadata.name).join(', ')}`, disturbs: 'live'}
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
