import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import type {ResolvedLimits} from '../../../hub-spec/limits/resolve-limits.js'
import {waitUntil} from '../../../steps/wait-until.js'
import type {LimitsInForce} from '../../engine.js'
import type {KubeApi} from '../api/kube-api.js'
import {serverContainer} from '../clusters/names.js'
import type {Pod} from './pod-trouble.js'
import {canResize, podLimits, serverResources} from './server-limits.js'

export interface PodChange {
  readonly api: KubeApi
  readonly clock: Clock
  readonly pod: Pod
  readonly wanted: ResolvedLimits
}

/**
 * Gives a running server other limits in place (Kubernetes 1.33 and newer), and reads back what its node then holds it to.
 * `undefined` when the cluster cannot, or refuses: a quota, a limit below what is in use, an older cluster.
 */
export async function changePod({api, clock, pod, wanted}: PodChange): Promise<LimitsInForce | undefined> {
  const {name, namespace} = pod.metadata
  if (!canResize(podLimits(pod), wanted)) return undefined
  const ref = {apiVersion: 'v1', kind: 'Pod', name, ...definedOnly({namespace})}
  const before = pod.spec?.containers?.find((each) => each.name === serverContainer)?.resources
  // What the node did not take would be tried again whenever it has room, and would count against a quota until then.
  const takeBack = async () => {
    if (before !== undefined) await api.resize(ref, serverContainer, before)
  }
  try {
    await api.resize(ref, serverContainer, serverResources(wanted))
    const taken = await waitUntil<LimitsInForce | 'infeasible'>(
      async () => {
        const seen = await api.read<Pod>(ref)
        const waiting = seen?.status?.conditions?.find(({type}) => type.startsWith('PodResize'))
        if (waiting?.reason === 'Infeasible') return {ready: 'infeasible'}
        if (seen === undefined || waiting !== undefined)
          return {notYet: waiting?.message ?? 'the node has not finished'}
        const now = podLimits(seen)
        return isAs(now, wanted) ? {ready: now} : {notYet: 'the node still has the old ones'}
      },
      {what: 'the new limits', deadlineMs: 15_000, intervalMs: 300, clock},
    )
    if (taken !== 'infeasible') return taken
    await takeBack()
    return undefined
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E501') {
      await takeBack()
      return undefined
    }
    if (error instanceof JhubError && ['JHUB-E210', 'JHUB-E212'].includes(error.code)) return undefined
    throw error
  }
}

function isAs(now: LimitsInForce, {memoryBytes, cpuCores}: ResolvedLimits): boolean {
  return now.memoryBytes === memoryBytes?.value && Math.abs((now.cpuCores ?? 0) - (cpuCores?.value ?? 0)) < 0.001
}
