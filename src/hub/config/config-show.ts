import type {HubSpec} from '../../hub-spec/hub-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {loadSpec} from '../session/spec/spec-store.js'

export interface ConfigShowResult {
  readonly file: string
  /** Without a byte order mark. */
  readonly source: string
  /** The spec with every default filled in; memory in bytes, cores, durations in milliseconds. */
  readonly spec: Omit<HubSpec, 'users' | 'groups'> & {
    readonly users: Readonly<Record<string, unknown>>
    readonly groups: Readonly<Record<string, unknown>>
  }
}

export async function configShow(context: HubContext): Promise<ConfigShowResult> {
  const {file, source, spec} = await loadSpec(context)
  const text = source.replace(/^\uFEFF/, '')
  return {
    file,
    source: text,
    spec: {...spec, users: Object.fromEntries(spec.users), groups: Object.fromEntries(spec.groups)},
  }
}
