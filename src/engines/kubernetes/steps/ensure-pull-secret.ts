import type {Step} from '../../../steps/step.js'
import {requireKube} from '../api/require-kube.js'
import type {Cluster} from '../clusters/cluster.js'
import {pullSecretName} from '../clusters/names.js'
import {pullSecretText, renderPullSecret, writePullSecret, type PullSecretPlace} from '../registry/pull-secret.js'
import type {RegistryAccounts} from '../registry/registry-accounts.js'

/** The accounts of registries, as servers' pods name them: the secret is there also where nobody gave one. */
export function ensurePullSecret(cluster: Cluster, accounts: RegistryAccounts, place: PullSecretPlace): Step {
  return {
    title: 'Give the cluster the accounts of registries',
    async check() {
      const api = await cluster.api()
      const known = await accounts.read()
      if (api !== undefined && (await pullSecretText(api, place)) === renderPullSecret(known)) return undefined
      const hosts = known.size === 0 ? 'none' : [...known.keys()].join(', ')
      return {summary: `write the accounts of registries (${hosts}) to Secret ${pullSecretName}`, disturbs: 'live'}
    },
    async apply() {
      await writePullSecret(await requireKube(cluster), place, await accounts.read())
    },
  }
}
