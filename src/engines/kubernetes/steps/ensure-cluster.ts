import {describeCause, JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import type {Step} from '../../../steps/step.js'
import {waitUntil} from '../../../steps/wait-until.js'
import type {Cluster, ClusterSettings, OwnCluster} from '../clusters/cluster.js'
import {readIfAllowed} from '../api/read-if-allowed.js'
import {tryKube} from '../api/require-kube.js'
import {describeSettingsChange} from '../clusters/kind/kind-config.js'

export interface EnsureClusterOptions {
  readonly cluster: Cluster
  readonly own: OwnCluster
  readonly clock: Clock
  /** By the spec. */
  readonly settings: ClusterSettings
  /** From which the nodes of a new cluster are made where the spec names no image; one that is there stays as it is. */
  readonly nodeImage?: string | undefined
}

/**
 * The cluster that jhub makes for this hub. One whose endpoint or nodes differ from the spec, because kind cannot change them,
 * was removed before (`clearCluster`); homes and the hub's database are directories of this machine and are found again.
 */
export function ensureCluster({cluster, own, clock, settings, nodeImage}: EnsureClusterOptions): Step {
  let isMade = false
  const untilReached = async () => {
    const api = await tryKube(cluster)
    if (api === undefined) return {notYet: 'no answer yet'}
    if (api instanceof JhubError) return {notYet: describeCause(api)}
    // An API that has just started answers before it has read who may do what.
    const system = await readIfAllowed(api, {apiVersion: 'v1', kind: 'Namespace', name: 'kube-system'})
    return system === 'not allowed' ? {notYet: 'it does not know its accounts yet'} : {ready: true}
  }
  const untilAnswers = (signal: AbortSignal) =>
    waitUntil(untilReached, {
      what: "the cluster's API to answer",
      deadlineMs: 180_000,
      intervalMs: 500,
      clock,
      signal,
      fix: 'jhub doctor',
    })
  return {
    title: 'Make the cluster',
    async check() {
      const found = await own.inspect()
      switch (found.state) {
        case 'missing':
          return {summary: `make the ${cluster.title}, ${countNodes(settings.nodes)}`, disturbs: 'live'}
        case 'half-made':
          return {summary: `make the ${cluster.title} again: making it was interrupted`, disturbs: 'live'}
        case 'foreign':
          return {summary: `make the ${cluster.title}: another one of that name is there`, disturbs: 'live'}
        case 'stopped':
        case 'running': {
          const changed = describeSettingsChange(found.settings, settings)
          if (changed.length > 0)
            return {
              summary: `make the ${cluster.title} again: ${changed.join(', ')} (files stay)`,
              disturbs: 'machine or cluster is recreated',
            }
          if (found.state === 'stopped') return {summary: `start the ${cluster.title}`, disturbs: 'live'}
          return 'ready' in (await untilReached())
            ? undefined
            : {summary: `reach the ${cluster.title} again`, disturbs: 'live'}
        }
      }
    },
    async apply(context) {
      const found = await own.inspect()
      if (found.state === 'foreign') {
        throw new JhubError('JHUB-E403', `There is a ${cluster.title} already, and this hub did not make it`, {
          fix: 'Give the hub another name, or remove that cluster by hand',
        })
      }
      if ('settings' in found && describeSettingsChange(found.settings, settings).length === 0) {
        await own.start(context.signal)
        await untilAnswers(context.signal)
        return
      }
      isMade = true
      await own.create({...settings, nodeImage: settings.nodeImage ?? nodeImage}, context)
      context.report('waiting for its API')
      await untilAnswers(context.signal)
    },
    async undo() {
      if (isMade) await own.remove()
    },
  }
}

function countNodes(nodes: number): string {
  return nodes === 1 ? 'one node' : `${String(nodes)} nodes`
}
