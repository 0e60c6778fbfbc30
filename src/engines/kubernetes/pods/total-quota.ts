import {definedOnly, ifDefined} from '../../../defined-only.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {KubeObject} from '../api/kube-api.js'
import {hubLabel, quotaName} from '../clusters/names.js'

/** What a quota or a limit range says besides its name. */
export interface QuotaObject extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>
}

/**
 * `limits.total` as the cluster's own: a quota that counts only pods with a deadline, which are people's servers alone, so
 * that hub and proxy, and their upgrade, are never held up by it; and a limit range for containers that somebody adds to a
 * server without limits, which a quota would refuse. Empty when nothing is limited in all.
 */
export function totalQuota(spec: HubSpec, namespace: string): readonly QuotaObject[] {
  const {default: each, total} = spec.limits
  if (total.memoryBytes === undefined && total.cpuCores === undefined) return []
  const metadata = {name: quotaName, namespace, labels: {[hubLabel]: spec.name}}
  return [
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: {
        hard: definedOnly({
          'limits.memory': ifDefined(total.memoryBytes, String),
          'limits.cpu': ifDefined(total.cpuCores, kubeCores),
        }),
        scopes: ['Terminating'],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata,
      spec: {
        limits: [
          {
            type: 'Container',
            default: definedOnly({
              memory: ifDefined(each.memoryBytes, String),
              cpu: ifDefined(each.cpuCores, kubeCores),
            }),
            defaultRequest: {memory: '32Mi', cpu: '10m'},
          },
        ],
      },
    },
  ]
}

/** `0.5` as `500m`: the API gives cores back in this form. */
export function kubeCores(cores: number): string {
  return Number.isInteger(cores) ? String(cores) : `${String(Math.round(cores * 1000))}m`
}
