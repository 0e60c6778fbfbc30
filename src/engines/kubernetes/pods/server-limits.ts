import {definedOnly, ifDefined} from '../../../defined-only.js'
import type {ResolvedLimits} from '../../../hub-spec/limits/resolve-limits.js'
import type {LimitsInForce} from '../../engine.js'
import type {ContainerResources} from '../api/kube-api.js'
import {readKubeQuantity} from '../api/kube-quantity.js'
import {serverContainer} from '../clusters/names.js'
import type {Pod} from './pod-trouble.js'
import {kubeCores} from './total-quota.js'

/** As `assets/k8s/jhub_kubernetes.py`: what a server is guaranteed when nobody said. */
const leastMemoryBytes = 256 * 1024 ** 2
const leastCores = 0.01

/** What a server's pod really has: as its node tells it, else as it was asked for. */
export function podLimits(pod: Pod): LimitsInForce {
  const told = pod.status?.containerStatuses?.find(({name}) => name === serverContainer)?.resources?.limits
  const asked = pod.spec?.containers?.find(({name}) => name === serverContainer)?.resources?.limits
  const limits = told ?? asked
  const [memory, cpu] = [readKubeQuantity(limits?.['memory']), readKubeQuantity(limits?.['cpu'])]
  return {
    memoryBy: 'Kubernetes',
    cpuBy: 'Kubernetes',
    ...definedOnly({memoryBytes: memory, cpuCores: cpu}),
  }
}

/** The resources that a server with these limits has; each limit with a request beside it. */
export function serverResources({
  memoryBytes,
  memoryGuaranteeBytes,
  cpuCores,
  cpuGuaranteeCores,
}: ResolvedLimits): ContainerResources {
  const memory = memoryGuaranteeBytes?.value ?? Math.min(leastMemoryBytes, memoryBytes?.value ?? leastMemoryBytes)
  const cores = cpuGuaranteeCores?.value ?? Math.min(leastCores, cpuCores?.value ?? leastCores)
  return {
    limits: definedOnly({
      memory: ifDefined(memoryBytes?.value, String),
      cpu: ifDefined(cpuCores?.value, kubeCores),
    }),
    requests: {memory: String(memory), cpu: kubeCores(cores)},
  }
}

/** In place, a limit can be changed and not taken away or given to who had none (Kubernetes keeps the set of limits). */
export function canResize(now: LimitsInForce, wanted: ResolvedLimits): boolean {
  return (
    (now.memoryBytes === undefined) === (wanted.memoryBytes === undefined) &&
    (now.cpuCores === undefined) === (wanted.cpuCores === undefined)
  )
}
