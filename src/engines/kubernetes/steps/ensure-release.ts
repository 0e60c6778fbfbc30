import {JhubError, messageOf} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {readYamlMap} from '../../../hub-spec/yaml-text.js'
import type {Step, StepContext} from '../../../steps/step.js'
import {describeValueChange} from '../chart/chart-values.js'
import {explainSchema} from '../chart/explain-schema.js'
import type {Cluster} from '../clusters/cluster.js'
import type {HubEndpoint} from '../access/hub-endpoint.js'
import type {KubeApi} from '../api/kube-api.js'
import {fingerprintLabel, releaseRecordName} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import {recordRef} from '../release/record-secret.js'
import {readReleaseRecord, writeReleaseRecord, type ReleaseRecord} from '../release/release-record.js'
import {readReleaseDrift} from '../release/drift.js'
import {tryHub} from '../release/try-hub.js'
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
  readonly isOpen: () => Promise<{readonly ready: boolean; readonly answer: string}>
}

const restarts = 'hub restarts (servers keep running)'

/**
 * The hub, by the chart. New values are tried against the chart's schema before the running hub is disturbed, and a hub that
 * does not come up with them is given the ones before. A release that somebody else's kill left locked is freed first. Helm runs
 * also where an object of the release is missing or was changed by hand.
 */
export function ensureRelease({cluster, clock, spec, wanted, isOpen, endpoint}: ReleaseStep): Step {
  const namespace = namespaceOf(spec)
  const place = cluster.own === undefined ? 'theirs' : 'ours'
  let isNew = false

  const watch = (api: KubeApi, context: StepContext, leaving: ReadonlySet<string> = new Set()) =>
    watchRelease({
      api,
      leaving,
      clock,
      namespace,
      place,
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
        return {summary: `start JupyterHub anew: its release is ${newest.status}`, disturbs: restarts}
      const record = await readReleaseRecord(api, namespace)
      if (next === undefined || newest.fingerprint !== next.fingerprint) {
        const changed = next === undefined ? [] : describeChange(record, next)
        const by = (await readReleaseDrift(api, spec, record)).map(({text}) => text)
        const what = [
          ...(changed.length === 0 ? [] : [`: ${listNames(changed)}`]),
          ...(by.length === 0 ? [] : [`; repair what was changed by hand: ${listNames(by)}`]),
        ].join('')
        return {summary: `restart JupyterHub with its new settings${what}`, disturbs: restarts}
      }
      const drift = await readReleaseDrift(api, spec, record)
      if (drift.length > 0)
        return {
          summary: `repair what was changed by hand: ${listNames(drift.map(({text}) => text))}`,
          disturbs: restarts,
        }
      const endpoint = await isOpen()
      if (!endpoint.ready) return {summary: `wait until JupyterHub answers (now: ${endpoint.answer})`, disturbs: 'live'}
      return record.fingerprint === next.fingerprint && record.shipped === next.shipped
        ? undefined
        : {summary: 'record what JupyterHub was made from', disturbs: 'live'}
    },
    async apply(context) {
      const api = await requireKube(cluster)
      const next = await wanted()
      if (next === undefined) throw new JhubError('JHUB-E001', 'The hub was asked for before its secrets and its chart')
      const rendered = await tryValues(cluster, next, context.signal)
      const revisions = await readRevisions(api, namespace, spec.name)
      isNew = revisions.length === 0
      const before = revisions.find(({status}) => status === 'deployed')
      const isSame = revisions[0]?.status === 'deployed' && before?.fingerprint === next.fingerprint
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
        await watch(api, context)
        await endpoint.untilAddressed(clock, context.signal)
      } catch (error) {
        if (context.signal.aborted || !(error instanceof JhubError) || before === undefined) throw error
        const restored = isSame ? '' : await restore(before, api, context)
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

/** Throws `JHUB-E214` with what the chart refuses, by the keys of the settings file, or helm's own words. */
export async function tryValues(cluster: Cluster, next: WantedRelease, signal?: AbortSignal): Promise<string> {
  try {
    return await cluster.helm.render(next.release, signal)
  } catch (error) {
    if (signal?.aborted === true || !(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
    const known = await readDefaults(cluster, next, signal)
    throw new JhubError('JHUB-E214', 'The chart refuses the values', {
      cause: new Error(explainSchema(messageOf(error.cause ?? error), known)),
      fix: 'jhub config edit   # look at k8s.values',
    })
  }
}

/** The chart's own values; nothing where helm cannot show them, since they only help to explain. */
async function readDefaults(cluster: Cluster, {release}: WantedRelease, signal?: AbortSignal): Promise<unknown> {
  try {
    return readYamlMap(await cluster.helm.defaults(release, signal), 'values.yaml', {mayBeEmpty: true})
  } catch (error) {
    if (error instanceof JhubError) return undefined
    throw error
  }
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
  await cluster.files.makeDirectory(cluster.layout.logs, {mode: 0o700})
  await cluster.helm.upgrade({...next.release, labels: {[fingerprintLabel]: next.fingerprint}}, signal)
}
