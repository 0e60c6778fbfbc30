import type {Step} from '../../../steps/step.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeObject, ObjectRef} from '../api/kube-api.js'
import {appliedConfigMap, hubLabel} from '../clusters/names.js'
import {requireKube} from '../api/require-kube.js'

interface AppliedSpec extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** The applied spec in the cluster too: a lost laptop loses nothing. No secret is in it. */
export function recordApplied(cluster: Cluster, namespace: string, hubName: string, source: string): Step {
  const ref: ObjectRef = {apiVersion: 'v1', kind: 'ConfigMap', name: appliedConfigMap, namespace}
  const key = 'jhub.yaml'
  return {
    title: 'Record in the cluster what was applied',
    async check() {
      const found = await (await cluster.api())?.read<AppliedSpec>(ref)
      return found?.data?.[key] === source ? undefined : {summary: 'record the spec in the cluster', disturbs: 'live'}
    },
    async apply() {
      const record = {
        ...ref,
        metadata: {name: ref.name, namespace, labels: {[hubLabel]: hubName}},
        data: {[key]: source},
      }
      await (await requireKube(cluster)).apply(record)
    },
  }
}
