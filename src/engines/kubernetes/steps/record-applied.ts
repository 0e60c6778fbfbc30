import type {Step} from '../../../steps/step.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeObject} from '../api/kube-api.js'
import {appliedSpecName} from '../clusters/names.js'
import {requireKube} from '../api/require-kube.js'
import {keptRef, readKept, writeKept} from '../release/kept-secret.js'

/** The applied spec in the cluster too: a lost laptop loses nothing. */
export function recordApplied(cluster: Cluster, namespace: string, hubName: string, source: string): Step {
  const key = 'jhub.yaml'
  return {
    title: 'Record in the cluster what was applied',
    async check() {
      const api = await cluster.api()
      const [kept, old] =
        api === undefined
          ? []
          : await Promise.all([
              readKept(api, namespace, appliedSpecName),
              api.read<KubeObject>(keptRef('ConfigMap', appliedSpecName, namespace)),
            ])
      const isKept = kept?.data[key] === source && old === undefined
      return isKept ? undefined : {summary: 'record the spec in the cluster', disturbs: 'live'}
    },
    async apply() {
      const api = await requireKube(cluster)
      await writeKept(api, {hubName, name: appliedSpecName, namespace, annotations: {}, data: {[key]: source}})
    },
  }
}
