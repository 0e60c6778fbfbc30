import {JhubError, messageOf} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step, StepContext} from '../../../steps/step.js'
import {describeValueChange} from '../chart/chart-values.js'
import type {Cluster} from '../clusters/cluster.js'
import type {HubDoor} from '../access/hub-door.js'
import type {KubeApi} from '../api/kube-api.js'
import {fingerprintLabel} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import {readReleaseRecord, releaseRecordRef, writeReleaseRecord, type ReleaseRecord} from '../release/release-record.js'
import {readRevisions, type Revision} from '../release/releases.js'
import {requireKube} from '../api/require-kube.js'
import {readFailing, watchRelease} from '../release/watch-release.js'
import type {WantedRelease} from '../release/wanted-release.js'

export interface ReleaseStep {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly spec: HubSpec
  readonly wanted: () => Promise<WantedRelease | undefined>
  readonly door: Pick<HubDoor, 'untilAddressed'>
  readonly isOpen: () => Promise<{readonly ready: boolean; readonly answer: string}>
}

/**
 * The hub, by the chart. New values are tried against the chart's schema before the running hub is disturbed, and a hub that
 * does not come up with them is given the ones before. A release that somebody else's kill left locked is freed first.
 */
export function ensureRelease({cluster, clock, spec, wanted, isOpen, door}: ReleaseStep): Step {
  const namespace = namespaceOf(spec)
  let isNew = false

  const watch = (api: KubeApi, context: StepContext, leaving: ReadonlySet<string> = new Set()) =>
    watchRelease({
      api,
      leaving,
      clock,
      namespace,
      signal: context.signal,
      report: (text) => {
        context.report(text)
      },
      isOpen,
    })

  return {
    title: 'Start JupyterHub',
    async check() {
      const api = await cluster.api()
      const [newest] = api === undefined ? [] : await readRevisions(api, namespace, spec.name)
      const next = await wanted()
      if (api === undefined || newest === undefined) return {summary: 'start JupyterHub', disturbs: 'live'}
      if (newest.status !== 'deployed')
        return {
          summary: `start JupyterHub anew: its release is ${newest.status}`,
          disturbs: 'hub restarts (servers keep running)',
        }
      if (next === undefined || newest.fingerprint !== next.fingerprint) {
        const changed = next === undefined ? [] : describeChange(await readReleaseRecord(api, namespace), next)
        return {
          summary: `restart JupyterHub with its new settings${changed.length === 0 ? '' : `: ${listNames(changed)}`}`,
          disturbs: 'hub restarts (servers keep running)',
        }
      }
      const door = await isOpen()
      return door.ready ? undefined : {summary: `wait until JupyterHub answers (now: ${door.answer})`, disturbs: 'live'}
    },
    async apply(context) {
      const api = await requireKube(cluster)
      const next = await wanted()
      if (next === undefined) throw new JhubError('JHUB-E001', 'The hub was asked for before its secrets and its chart')
      await tryValues(cluster, next, context.signal)
      const revisions = await readRevisions(api, namespace, spec.name)
      isNew = revisions.length === 0
      await freeLocked(api, namespace, revisions)
      const before = revisions.find(({status}) => status === 'deployed')
      if (before?.fingerprint !== next.fingerprint) await upgrade(cluster, next, context.signal)
      await writeReleaseRecord(api, spec, next)
      try {
        await watch(api, context)
        await door.untilAddressed(clock, context.signal)
      } catch (error) {
        if (context.signal.aborted || !(error instanceof JhubError) || before === undefined) throw error
        const restored = before.fingerprint === next.fingerprint ? '' : await restore(before, api, context)
        throw new JhubError(error.code, `The hub did not come up: ${error.message}${restored}`, {
          fix: error.suggestions,
          cause: error.cause,
        })
      }
    },
    async undo() {
      const api = await cluster.api()
      if (!isNew || api === undefined) return
      await cluster.helm.uninstall(spec.name, namespace)
      await api.remove(releaseRecordRef(namespace))
    },
  }

  async function restore(before: Revision, api: KubeApi, context: StepContext): Promise<string> {
    try {
      const leaving = await readFailing(api, namespace)
      await cluster.helm.rollback(spec.name, namespace, before.number)
      await watch(api, context, leaving)
      return '. The hub runs again with the configuration it had before'
    } catch (error) {
      return `. The configuration before does not come up either: ${messageOf(error)}`
    }
  }
}

function describeChange({values = {}, chart}: ReleaseRecord, next: WantedRelease): readonly string[] {
  const before = chart?.digest ?? chart?.source
  const after = next.chart.digest ?? next.chart.source
  const isOther = before !== undefined && before !== after
  return [...(isOther ? [`chart ${before} → ${after}`] : []), ...describeValueChange(values, next.values)]
}

/** Throws `JHUB-E214` with helm's own words. */
export async function tryValues(cluster: Cluster, next: WantedRelease, signal?: AbortSignal): Promise<string> {
  try {
    return await cluster.helm.render(next.release, signal)
  } catch (error) {
    if (signal?.aborted === true || !(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
    throw new JhubError('JHUB-E214', 'The chart refuses the values', {
      cause: new Error(messageOf(error.cause ?? error)),
      fix: 'jhub config edit   # look at k8s.values',
    })
  }
}

/** A release whose helm was killed says for ever that it is being worked on: without that revision, it can be worked on. */
async function freeLocked(api: KubeApi, namespace: string, revisions: readonly Revision[]): Promise<void> {
  for (const {secretName, status} of revisions) {
    if (status.startsWith('pending-') || status === 'uninstalling')
      await api.remove({apiVersion: 'v1', kind: 'Secret', name: secretName, namespace})
  }
}

async function upgrade(cluster: Cluster, next: WantedRelease, signal: AbortSignal): Promise<void> {
  await cluster.files.makeDirectory(cluster.layout.logs, {mode: 0o700})
  await cluster.helm.upgrade({...next.release, labels: {[fingerprintLabel]: next.fingerprint}}, signal)
}
