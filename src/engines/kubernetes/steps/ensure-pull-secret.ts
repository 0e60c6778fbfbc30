import {JhubError} from '../../../errors.js'
import type {Step} from '../../../steps/step.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {requireKube} from '../api/require-kube.js'
import type {Cluster} from '../clusters/cluster.js'
import {hubLabel, pullSecretName} from '../clusters/names.js'
import {pullSecretKey, renderPullSecret, type RegistryAccounts} from '../registry/registry-accounts.js'
import {readRecord, recordRef} from '../release/record-secret.js'

/** The accounts of registries, as servers' pods name them: the secret is there also where nobody gave one. */
export function ensurePullSecret(
  cluster: Cluster,
  {
    accounts,
    namespace,
    hubName,
  }: {readonly accounts: RegistryAccounts; readonly namespace: string; readonly hubName: string},
): Step {
  const inPlace = async (api: KubeApi) => (await readRecord(api, namespace, pullSecretName))?.data[pullSecretKey]
  return {
    title: 'Give the cluster the accounts of registries',
    async check() {
      const api = await cluster.api()
      const known = await accounts.read()
      if (api !== undefined && (await inPlace(api)) === renderPullSecret(known)) return undefined
      const hosts = known.size === 0 ? 'none' : [...known.keys()].join(', ')
      return {summary: `write the accounts of registries (${hosts}) to Secret ${pullSecretName}`, disturbs: 'live'}
    },
    async apply() {
      const api = await requireKube(cluster)
      const ref = recordRef('Secret', pullSecretName, namespace)
      const found = await api.read<KubeObject>(ref)
      if (found !== undefined && found.metadata.labels?.[hubLabel] !== hubName)
        throw new JhubError(
          'JHUB-E403',
          `The Secret ${pullSecretName} of ${namespace} is there, and this hub did not make it`,
          {
            fix: `kubectl --namespace ${namespace} delete secret ${pullSecretName}   # when nobody needs it`,
          },
        )
      const text = renderPullSecret(await accounts.read())
      await api.apply({
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'kubernetes.io/dockerconfigjson',
        metadata: {name: pullSecretName, namespace, labels: {[hubLabel]: hubName}},
        data: {[pullSecretKey]: Buffer.from(text).toString('base64')},
      } as KubeObject)
    },
  }
}
