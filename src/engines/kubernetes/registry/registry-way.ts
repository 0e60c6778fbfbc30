import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Cluster} from '../clusters/cluster.js'
import type {ImageWay} from '../images/image-delivery.js'
import {ensurePullSecret} from '../steps/ensure-pull-secret.js'
import {pushedImages} from './pushed-images.js'
import {registryAccounts, toLogin} from './registry-accounts.js'
import {registryFindings} from './registry-findings.js'
import {throughRegistry} from './through-registry.js'

/** How images come to a cluster that is not ours: through a registry, with the accounts that were given for it. */
export function registryWay(cluster: Cluster, namespace: string, hubName: string): ImageWay {
  const {registries: engine} = cluster
  const accounts = registryAccounts(cluster, namespace)
  const pushed = pushedImages(cluster, namespace, hubName)
  return {
    delivery: (spec) => throughRegistry({engine, accounts, pushed, repository: repositoryFor(spec)}),
    registry: {
      async dockerAccount(host) {
        const login = await engine.registryLogin(host)
        if (login === undefined) return undefined
        const {username, password} = login
        return username === undefined || password === undefined ? 'token' : {username, password}
      },
      async give(host, account) {
        await engine.checkLogin(host, toLogin(host, account))
        await accounts.give(host, account)
      },
      forget: (host) => accounts.forget(host),
      steps: () => [ensurePullSecret(cluster, {accounts, namespace, hubName})],
    },
    findings: (spec, images) => registryFindings({engine, accounts, repository: repositoryFor(spec)}, spec, images),
  }
}

/** Where the images of a hub stand in the registry of its spec. */
function repositoryFor({k8s: {registry}, name}: HubSpec): string | undefined {
  return registry === undefined ? undefined : `${registry}/${name}`
}
