import {JhubError, messageOf} from '../../../../errors.js'
import type {Clock} from '../../../../host/clock.js'
import type {StepContext} from '../../../../steps/step.js'
import {waitUntil} from '../../../../steps/wait-until.js'
import type {KubeApi, KubeObject, ObjectRef} from '../../api/kube-api.js'
import {trialName} from '../../clusters/names.js'
import {describePod, isPodReady, podTrouble, type ImagePlace, type Pod, type PodEvent} from '../../pods/pod-trouble.js'
import {trialObjects} from './trial-objects.js'

export interface HubTrial {
  readonly api: KubeApi
  readonly clock: Clock
  readonly namespace: string
  readonly hubName: string
  /** The objects that helm will make. */
  readonly manifest: readonly KubeObject[]
  readonly place: ImagePlace
  readonly context: StepContext
}

const deadlineMs = 120_000
const goneMs = 30_000

/**
 * Loads the new configuration by the hub's new image in a pod of its own, beside the running hub, so that a mistake disturbs
 * nobody. Where the cluster does not let such a pod run, it says so and goes on. Throws `JHUB-E207` with the last words of a
 * configuration that does not load, and `JHUB-E206` for an image that cannot be had.
 */
export async function tryHub(trial: HubTrial): Promise<void> {
  const {api, namespace, hubName, manifest} = trial
  const pods = await api.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace, labels: 'component=hub'})
  const node = pods.find(isPodReady)?.spec?.nodeName
  const objects = node === undefined ? undefined : trialObjects(manifest, {namespace, hubName, node})
  if (objects === undefined) return
  try {
    await clear(trial)
    for (const object of objects) await api.apply(object)
    await untilLoaded(trial)
  } catch (error) {
    if (!isRefusal(error)) throw error
    trial.context.note(`The new configuration could not be tried before the hub restarted: ${messageOf(error)}`)
  } finally {
    await removeTrial(api, namespace)
  }
}

/** Removes what a trial left, also one whose jhub was killed. */
export function trialRefs(namespace: string): readonly ObjectRef[] {
  return ['Pod', 'Secret', 'ConfigMap'].map((kind) => ({apiVersion: 'v1', kind, name: trialName, namespace}))
}

async function removeTrial(api: KubeApi, namespace: string): Promise<void> {
  for (const ref of trialRefs(namespace)) await api.remove(ref)
}

/** A pod cannot be changed: one that a killed jhub left has to be gone before the next is made. */
async function clear({api, clock, namespace, context: {signal}}: HubTrial): Promise<void> {
  await removeTrial(api, namespace)
  const [pod] = trialRefs(namespace)
  const probe = async () =>
    pod === undefined || (await api.read(pod)) === undefined ? {ready: true} : {notYet: 'it is still there'}
  await waitUntil(probe, {what: 'an earlier trial to be gone', deadlineMs: goneMs, intervalMs: 300, clock, signal})
}

async function untilLoaded(trial: HubTrial): Promise<void> {
  const {api, clock, namespace, context} = trial
  let phase = 'Pending'
  const probe = async () => {
    const pod = await api.read<Pod>({apiVersion: 'v1', kind: 'Pod', name: trialName, namespace})
    if (pod === undefined) throw new JhubError('JHUB-E210', 'somebody removed its pod')
    const ended = endOfHub(pod)
    if (ended?.exitCode === 0 || pod.status?.phase === 'Succeeded') return {ready: true}
    if (ended !== undefined || pod.status?.phase === 'Failed') throw await whyFailed(trial, pod)
    const events = await api.list<PodEvent>({apiVersion: 'v1', kind: 'Event', namespace})
    const trouble = podTrouble(pod, events, trial.place)
    if (trouble?.isFinal === true)
      throw new JhubError('JHUB-E206', `${trouble.what}; the running hub was not touched`, {fix: trouble.fix})
    phase = pod.status?.phase ?? phase
    const notYet = trouble?.what ?? describePod(pod, events)
    context.report(`trying the new configuration: ${notYet}`)
    return {notYet}
  }
  try {
    await waitUntil(probe, {
      what: 'the trial of the new configuration',
      deadlineMs,
      intervalMs: 300,
      clock,
      signal: context.signal,
    })
  } catch (error) {
    if (phase === 'Running' && error instanceof JhubError && error.code === 'JHUB-E501')
      throw await doesNotLoad(trial, `it was still loading after ${String(deadlineMs / 1000)} s`)
    throw error
  }
}

/** What a cluster puts beside the hub's container may run on. */
function endOfHub({status}: Pod) {
  return status?.containerStatuses?.find(({name}) => name === 'hub')?.state?.terminated
}

/** A program that ended badly; or a node that did not let it run, which says nothing of the configuration. */
async function whyFailed(trial: HubTrial, pod: Pod): Promise<JhubError> {
  const ended = endOfHub(pod)
  if (ended?.reason === 'Error') return doesNotLoad(trial, `exit code ${String(ended.exitCode ?? 'unknown')}`)
  return new JhubError('JHUB-E210', `its pod ended: ${ended?.reason ?? pod.status?.reason ?? 'no reason given'}`)
}

async function doesNotLoad({api, namespace}: HubTrial, otherwise: string): Promise<JhubError> {
  const words = await Array.fromAsync(api.podLog({namespace, pod: trialName, container: 'hub', lines: 15}))
  return new JhubError('JHUB-E207', "The hub's new configuration does not load; the running hub was not touched", {
    cause: new Error(words.length === 0 ? otherwise : words.join('\n')),
    fix: 'Fix the Python file that hub.extraConfig names, or hub in k8s.values (jhub config edit), then run the same command again.',
  })
}

/** What the cluster does not let this account or this namespace do, or not in time. */
function isRefusal(error: unknown): boolean {
  return error instanceof JhubError && ['JHUB-E210', 'JHUB-E212', 'JHUB-E501'].includes(error.code)
}
