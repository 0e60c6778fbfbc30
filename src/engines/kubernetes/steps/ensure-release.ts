import {JhubError, messageOf} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {busyHubMs} from '../../../jupyterhub/hub-ready.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Change, Step, StepContext} from '../../../steps/step.js'
import {describeValueChange} from '../chart/chart-values.js'
import type {Cluster} from '../clusters/cluster.js'
import type {HubEndpoint} from '../access/hub-endpoint.js'
import type {KubeApi} from '../api/kube-api.js'
import {fingerprintLabel, releaseRecordName} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import {recordRef} from '../release/record-secret.js'
import {readReleaseRecord, writeReleaseRecord, type ReleaseRecord} from '../release/release-record.js'
import {readReleaseDrift} from '../release/drift.js'
import {tryHub} from '../release/trial/try-hub.js'
import {tryValues} from '../release/trial/try-values.js'
import {distrustRevision, readObjects, readRevisions, type Revision} from '../release/releases.js'
import {requireKube} from '../api/require-kube.js'
import {readFailing, watchRelease} from '../release/watch-release.js'
import type {WantedRelease} from '../release/wanted-release.js'

export interface ReleaseStep {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly spec: HubSpec
  readonly wanted: () => Promise<WantedRelease | undefined>
  readonly endpoint: Pick<HubEndpoint, 'untilAddressed'>
  /** Whether the hub's endpoint answers, within two seconds or the time given. */
  readonly isOpen: (patienceMs?: number) => Promise<{readonly ready: boolean; readonly answer: string}>
}

const restarts = 'hub restarts (servers keep running)'

/**
 * The hub, by the chart. New values are tried against the chart's schema before the running hub is disturbed, and a hub that
 * does not come up with them is given the ones before. A release that somebody else's kill left locked is freed first. Helm runs
 * also where an object of the release is missing or was changed by hand.
 */
export function ensureRelease(release: ReleaseStep): Step {
  const {cluster, clock, spec, wanted, endpoint} = release
  const namespace = namespaceOf(spec)
  let isNew = false

  return {
    title: 'Start JupyterHub',
    check: () => findDifference(release, namespace),
    async apply(context) {
      const api = await requireKube(cluster)
      const next = await wanted()
      if (next === undefined) throw new JhubError('JHUB-E001', 'The hub was asked for before its secrets and its chart')
      const rendered = await tryValues(cluster, next, context.signal)
      const revisions = await readRevisions(api, namespace, spec.name)
      isNew = revisions.length === 0
      const before = revisions.find(({status}) => status === 'deployed')
      const isSame = revisions[0]?.status === 'deployed' && before?.fingerprint === next.fingerprint
      const place = placeOf(cluster)
      if (before !== undefined && !isSame)
        await tryHub({api, clock, namespace, hubName: spec.name, place, context, manifest: readObjects(rendered)})
      const isInterrupted = await freeLocked(api, namespace, revisions)
      const record = await readReleaseRecord(api, namespace)
      const drift = before === undefined ? [] : await readReleaseDrift(api, spec, record)
      const isUpgraded = isInterrupted || !isSame || drift.length > 0
      if (isUpgraded) {
        for (const {removal} of drift) if (removal !== undefined) await api.patch(removal.ref, removal.patch)
        await upgrade(cluster, next, context.signal)
      }
      const accepted = isUpgraded ? (await readReleaseDrift(api, spec)).map(({text}) => text) : (record.accepted ?? [])
      try {
        await watch(release, api, context)
        await endpoint.untilAddressed(clock, context.signal)
      } catch (error) {
        if (context.signal.aborted || !(error instanceof JhubError) || before === undefined) throw error
        const restored = isSame ? '' : await restore(release, before, api, context)
        throw new JhubError(error.code, `The hub did not come up: ${error.message}${restored}`, {
          fix: error.suggestions,
          cause: error.cause,
        })
      }
      await writeReleaseRecord(api, spec, {...next, accepted})
    },
    async undo() {
      const api = await cluster.api()
      if (!isNew || api === undefined) return
      await cluster.helm.uninstall(spec.name, namespace)
      await api.remove(recordRef('Secret', releaseRecordName, namespace))
    },
  }
}

async function findDifference(
  {cluster, spec, wanted, isOpen}: ReleaseStep,
  namespace: string,
): Promise<Change | undefined> {
  const api = await cluster.api()
  const [newest] = api === undefined ? [] : await readRevisions(api, namespace, spec.name)
  const next = await wanted()
  if (api === undefined || newest === undefined) return {summary: 'start JupyterHub', disturbs: 'live'}
  if (newest.status !== 'deployed')
    return {summary: `start JupyterHub again: its release is ${newest.status}`, disturbs: restarts}
  const record = await readReleaseRecord(api, namespace)
  const byHand = listNames((await readReleaseDrift(api, spec, record)).map(({text}) => text))
  if (next === undefined || newest.fingerprint !== next.fingerprint) {
    const changed = next === undefined ? [] : describeChange(record, next)
    const what = [
      changed.length === 0 ? '' : `: ${listNames(changed)}`,
      byHand === '' ? '' : `; repair what was changed by hand: ${byHand}`,
    ].join('')
    return {summary: `restart JupyterHub with its new settings${what}`, disturbs: restarts}
  }
  if (byHand !== '') return {summary: `repair what was changed by hand: ${byHand}`, disturbs: restarts}
  const seen = await isOpen(busyHubMs)
  if (!seen.ready) return {summary: `wait until JupyterHub answers (now: ${seen.answer})`, disturbs: 'live'}
  return record.fingerprint === next.fingerprint && record.shipped === next.shipped
    ? undefined
    : {summary: 'record what JupyterHub was made from', disturbs: 'live'}
}

function watch(
  {cluster, clock, spec, isOpen}: ReleaseStep,
  api: KubeApi,
  context: StepContext,
  leaving: ReadonlySet<string> = new Set(),
): Promise<void> {
  return watchRelease({
    api,
    leaving,
    clock,
    namespace: namespaceOf(spec),
    place: placeOf(cluster),
    signal: context.signal,
    report: (text) => {
      context.report(text)
    },
    isOpen,
  })
}

function placeOf({own}: Cluster): 'ours' | 'theirs' {
  return own === undefined ? 'theirs' : 'ours'
}

/** Goes back to the revision of before. Gives what came of it, to be added to why the new one failed. */
async function restore(release: ReleaseStep, before: Revision, api: KubeApi, context: StepContext): Promise<string> {
  const {cluster, spec} = release
  const namespace = namespaceOf(spec)
  try {
    const leaving = await readFailing(api, namespace)
    await cluster.helm.rollback(spec.name, namespace, before.number)
    await watch(release, api, context, leaving)
    return '. The hub runs again with its previous configuration'
  } catch (error) {
    return `. The previous configuration does not come up either: ${messageOf(error)}`
  }
}

function describeChange({values = {}, chart}: ReleaseRecord, next: WantedRelease): readonly string[] {
  const before = chart?.digest ?? chart?.source
  const after = next.chart.digest ?? next.chart.source
  const isOther = before !== undefined && before !== after
  return [...(isOther ? [`chart ${before} → ${after}`] : []), ...describeValueChange(values, next.values)]
}

/**
 * A release whose helm was killed says for ever that it is being worked on: without that revision, it can be worked on. The one
 * before is distrusted first, since some of its objects may be as the killed helm left them. Gives whether there was one.
 */
async function freeLocked(api: KubeApi, namespace: string, revisions: readonly Revision[]): Promise<boolean> {
  const locked = revisions.filter(({status}) => status.startsWith('pending-') || status === 'uninstalling')
  const before = revisions.find(({status}) => status === 'deployed')
  if (locked.length > 0 && before !== undefined) await distrustRevision(api, namespace, before)
  for (const {secretName} of locked) await api.remove({apiVersion: 'v1', kind: 'Secret', name: secretName, namespace})
  return locked.length > 0
}

async function upgrade(cluster: Cluster, next: WantedRelease, signal: AbortSignal): Promise<void> {
  await cluster.helm.upgrade({...next.release, labels: {[fingerprintLabel]: next.fingerprint}}, signal)
}
