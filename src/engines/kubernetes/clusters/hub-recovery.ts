import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import {secretPurpose} from '../../../hub-spec/auth/auth-spec.js'
import {parseOwner} from '../../../hub-spec/hub-owner.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import type {HubRecovery} from '../../engine.js'
import type {Cluster, OwnCluster} from './cluster.js'
import {appliedKey, appliedSpecName, ownerKey} from './names.js'
import {namespaceOf, namespacesOf} from './namespace.js'
import {readRecord} from '../release/record-secret.js'
import {readReleaseSecrets} from '../release/releases.js'
import {orNotAllowed} from '../api/read-if-allowed.js'
import {requireKube, tryKube} from '../api/require-kube.js'
import {readSecrets, renderSecrets, type Secrets} from '../../sign-in/secrets.js'

/** What a cluster keeps of its hub: the spec in a Secret, and what opens it in the release. */
export function hubRecovery(cluster: Cluster, namespace: string, hubName: string): HubRecovery {
  const {own} = cluster
  return {
    names: () => cluster.hubNames(),
    reachSteps: () =>
      own === undefined ? [] : [...cluster.programs.map((program) => program.install()), reachCluster(cluster, own)],
    async spec() {
      const api = await requireKube(cluster)
      for (const each of await namespacesOf(api, hubName)) {
        const kept = await readRecord(api, each, appliedSpecName)
        if (kept !== undefined) return kept.data[appliedKey]
      }
      return undefined
    },
    async owner() {
      const api = await tryKube(cluster)
      if (api === undefined || api instanceof JhubError) return {isThere: false}
      // The checks before a change name every right that such an account lacks.
      const kept = await orNotAllowed(() => readRecord(api, namespace, appliedSpecName))
      if (kept === 'not allowed') return {isThere: false}
      const owner = parseOwner(kept?.data[ownerKey])
      const applied = kept?.data[appliedKey]
      return {
        ...definedOnly({owner, applied}),
        isThere: kept !== undefined,
      }
    },
    attachSteps: (spec) => [restoreSecrets(cluster, spec)],
  }
}

/** The way into a cluster of ours, which kind knows. */
function reachCluster(cluster: Cluster, own: OwnCluster): Step {
  return {
    title: 'Reach the cluster',
    async check() {
      const api = await tryKube(cluster)
      return api === undefined || api instanceof JhubError
        ? {summary: `reach the ${cluster.title} again`, disturbs: 'live'}
        : undefined
    },
    async apply({signal}) {
      const {state} = await own.inspect()
      if (state !== 'running' && state !== 'stopped')
        throw new JhubError('JHUB-E304', `There is no ${cluster.title} that jhub made`, {fix: 'docker ps --all'})
      await own.start(signal)
    },
  }
}

/** Tokens, cookie secret and the secret of the sign-in as the running release has them. Those of another hub here are not overwritten. */
function restoreSecrets(cluster: Cluster, spec: HubSpec): Step {
  const {files, layout} = cluster
  const {name: release, auth} = spec
  const namespace = namespaceOf(spec)
  const look = async () => {
    const there = await readReleaseSecrets(await requireKube(cluster), {
      namespace,
      release,
      purpose: secretPurpose(auth),
    })
    if (there === undefined)
      throw new JhubError('JHUB-E304', `The release ${release} in namespace ${namespace} does not give its secrets`, {
        fix: `helm --namespace ${namespace} status ${release}`,
      })
    return {there, here: await readSecrets(files, layout.secrets)}
  }
  return {
    title: "Restore the hub's secrets",
    async check() {
      const {there, here} = await look()
      return here !== undefined && isSame(here, there)
        ? undefined
        : {summary: `write ${layout.secrets}`, disturbs: 'live'}
    },
    async apply() {
      const {there, here} = await look()
      if (here !== undefined)
        throw new JhubError('JHUB-E402', `${layout.secrets} is for another hub of that name`, {
          fix: `Move ${layout.root} away if that hub is gone.`,
        })
      await files.makeDirectory(layout.root, {mode: 0o700})
      await files.write(layout.secrets, renderSecrets(there), {mode: 0o600})
    },
  }
}

/** Whether both open the same hub. Its sign-in may have been given another secret since. */
function isSame(one: Secrets, other: Secrets): boolean {
  return (['apiToken', 'proxyToken', 'cookieSecret'] as const).every((key) => one[key] === other[key])
}
