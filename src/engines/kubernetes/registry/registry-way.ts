import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {isRecord} from '../../../hub-spec/document/is-record.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {tryKube} from '../api/require-kube.js'
import {pullSecretsOf} from '../chart/chart-values.js'
import type {Cluster} from '../clusters/cluster.js'
import {pullSecretName} from '../clusters/names.js'
import type {ImageWay} from '../images/image-delivery.js'
import {imagesOnNodes} from '../pods/images-on-nodes.js'
import {readReleaseRecord} from '../release/release-record.js'
import {ensurePullSecret} from '../steps/ensure-pull-secret.js'
import type {PullSecretPlace} from './pull-secret.js'
import {platformFindings} from './platform-findings.js'
import {pushedImages} from './pushed-images.js'
import {registryAccounts, toLogin} from './registry-accounts.js'
import {registryFindings} from './registry-findings.js'
import {throughRegistry} from './through-registry.js'

/** How images come to a cluster that is not ours: through a registry, with the accounts that were given for it. */
export function registryWay(cluster: Cluster, clock: Clock, place: PullSecretPlace): ImageWay {
  const {registries: engine} = cluster
  const accounts = registryAccounts(cluster, clock, place)
  const pushed = pushedImages(cluster, place.namespace, place.hubName)
  const inNodes = async () => {
    const api = await tryKube(cluster)
    return api === undefined || api instanceof JhubError ? [] : imagesOnNodes(api)
  }
  return {
    delivery: (spec) => throughRegistry({engine, accounts, pushed, inNodes, repository: repositoryFor(spec)}),
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
      isNamed: () => isPullSecretNamed(cluster, place),
      steps: () => [ensurePullSecret(cluster, accounts, place)],
    },
    findings: async (spec, images) => {
      const registry = {engine, accounts, repository: repositoryFor(spec)}
      const found = [platformFindings(cluster, spec, images), registryFindings(registry, spec, images)]
      return (await Promise.all(found)).flat()
    },
  }
}

/** A release that an older jhub made does not name it. */
async function isPullSecretNamed(cluster: Cluster, {namespace}: PullSecretPlace): Promise<boolean> {
  const api = await tryKube(cluster)
  if (api === undefined || api instanceof JhubError) return false
  const {values = {}} = await readReleaseRecord(api, namespace)
  return pullSecretsOf(values).some((each) => isRecord(each) && each['name'] === pullSecretName)
}

/** Where the images of a hub stand in the registry of its spec. */
function repositoryFor({k8s: {registry}, name}: HubSpec): string | undefined {
  return registry === undefined ? undefined : `${registry}/${name}`
}
