import {editDocument} from './edit-document.js'
import type {MachineName} from '../hub-spec.js'

/** Where a hub stands: `docker`, `ssh://…`; or `kind`, `context:NAME`. */
export type HubPlace = {readonly machine: Exclude<MachineName, 'auto'>} | {readonly cluster: string}

/** The text with this place, where it names another. A machine that is left open stays so: which it is, is noted elsewhere. */
export function setPlace(source: string, place: HubPlace): string {
  const [key, value, open] =
    'machine' in place
      ? ([['vm', 'machine'], place.machine, 'auto'] as const)
      : ([['k8s', 'cluster'], place.cluster, 'kind'] as const)
  return editDocument(source, (document) => {
    const known: unknown = document.getIn(key) ?? open
    if (known === value || known === 'auto') return
    document.setIn(key, value)
  })
}

/** As much of a spec as finds the hub. */
export function renderPlace(name: string, place: HubPlace): string {
  return JSON.stringify(
    'machine' in place
      ? {version: 1, name, mode: 'vm', vm: {machine: place.machine}}
      : {version: 1, name, mode: 'k8s', k8s: {cluster: place.cluster}},
  )
}
