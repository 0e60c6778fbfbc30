import {isDeepStrictEqual} from 'node:util'
import {renderOwner, type HubOwner} from '../../../hub-spec/hub-owner.js'
import type {Step} from '../../../steps/step.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeObject, ObjectRef} from '../api/kube-api.js'
import {appliedConfigMap, appliedKey, hubLabel, ownerKey} from '../clusters/names.js'
import {requireKube} from '../api/require-kube.js'

interface AppliedSpec extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

export interface AppliedRecord {
  readonly namespace: string
  readonly hubName: string
  readonly source: string
  readonly owner: HubOwner
}

/** The applied spec, and whose hub it is, in the cluster too: a lost laptop loses nothing. No secret is in it. */
export function recordApplied(cluster: Cluster, {namespace, hubName, source, owner}: AppliedRecord): Step {
  const ref: ObjectRef = {apiVersion: 'v1', kind: 'ConfigMap', name: appliedConfigMap, namespace}
  const wanted = {[appliedKey]: source, [ownerKey]: renderOwner(owner)}
  return {
    title: 'Record in the cluster what was applied',
    async check() {
      const found = await (await cluster.api())?.read<AppliedSpec>(ref)
      return isDeepStrictEqual(found?.data, wanted)
        ? undefined
        : {summary: 'record the spec in the cluster', disturbs: 'live'}
    },
    async apply() {
      const record = {
        ...ref,
        metadata: {name: ref.name, namespace, labels: {[hubLabel]: hubName}},
        data: wanted,
      }
      await (await requireKube(cluster)).apply(record)
    },
  }
}
