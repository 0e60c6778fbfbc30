import {definedOnly} from '../../../defined-only.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'

/** What the chart claims for the hub's database. */
export interface HubDatabase {
  /** As Kubernetes writes it: `1Gi`. */
  readonly size: string
  /** Where the values name another than that of the place. */
  readonly storageClass?: string
}

/** The volume that the hub's database needs; `undefined` where the values put it elsewhere. */
export function hubDatabase({k8s}: Pick<HubSpec, 'k8s'>): HubDatabase | undefined {
  const {hub} = k8s.values as {
    hub?: {db?: {type?: string; pvc?: {storage?: string; storageClassName?: string | null}}}
  }
  const {type = 'sqlite-pvc', pvc} = hub?.db ?? {}
  if (type !== 'sqlite-pvc') return undefined
  const storageClass = pvc?.storageClassName ?? k8s.storage.class
  return {size: pvc?.storage ?? '1Gi', ...definedOnly({storageClass})}
}
