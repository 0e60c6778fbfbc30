import {definedOnly} from '../../defined-only.js'
import type {HubSpec} from '../hub-spec.js'

/** The lists as the hub is given them; read by `assets/hub/jhub_images.py`. */
export interface ChoicePolicy {
  readonly default?: readonly string[]
  readonly users: Readonly<Record<string, readonly string[]>>
  /** Group and list, in the order of the spec. */
  readonly groups: readonly (readonly [string, readonly string[]])[]
}

/** `undefined` where nobody chooses. */
export function choicePolicy({
  users,
  groups,
  choose,
}: Pick<HubSpec, 'users' | 'groups' | 'choose'>): ChoicePolicy | undefined {
  const own = [...users].flatMap(([name, entry]) => pair(name, entry.choose))
  const shared = [...groups].flatMap(([name, entry]) => pair(name, entry.choose))
  if (choose === undefined && own.length + shared.length === 0) return undefined
  return {...definedOnly({default: choose}), users: Object.fromEntries(own), groups: shared}
}

function pair(name: string, list: readonly string[] | undefined): readonly (readonly [string, readonly string[]])[] {
  return list === undefined ? [] : [[name, list]]
}
