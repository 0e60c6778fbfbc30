import {isDeepStrictEqual} from 'node:util'
import {renderOwner, type HubOwner} from '../../../hub-spec/hub-owner.js'
import type {Step} from '../../../steps/step.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeObject} from '../api/kube-api.js'
import {appliedKey, appliedSpecName, ownerKey} from '../clusters/names.js'
import {requireKube} from '../api/require-kube.js'
import {recordRef, readRecord, writeRecord} from '../release/record-secret.js'

export interface AppliedRecord {
  readonly namespace: string
  readonly hubName: string
  readonly source: string
  readonly owner: HubOwner
}

/** The applied spec, and whose hub it is, in the cluster too: a lost laptop loses nothing. */
export function recordApplied(cluster: Cluster, {namespace, hubName, source, owner}: AppliedRecord): Step {
  const data = {[appliedKey]: source, [ownerKey]: renderOwner(owner)}
  return {
    title: 'Record in the cluster what was applied',
    async check() {
      const api = await cluster.api()
      const [kept, old] =
        api === undefined
          ? []
          : await Promise.all([
              readRecord(api, namespace, appliedSpecName),
              api.read<KubeObject>(recordRef('ConfigMap', appliedSpecName, namespace)),
            ])
      const isKept = isDeepStrictEqual(kept?.data, data) && old === undefined
      return isKept ? undefined : {summary: 'record the settings file in the cluster', disturbs: 'live'}
    },
    async apply() {
      const api = await requireKube(cluster)
      await writeRecord(api, {hubName, name: appliedSpecName, namespace, annotations: {}, data})
    },
  }
}
