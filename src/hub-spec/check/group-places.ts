import type {AuthDocument} from '../auth/auth-document.js'

/** Where `auth` names a group of the provider. */
export interface GroupPlace {
  readonly group: string
  readonly path: readonly (string | number)[]
}

/** Every group of the provider that `auth` names. */
export function groupPlaces({allow, adminGroups = [], groups = {}}: AuthDocument): readonly GroupPlace[] {
  return [
    ...(allow?.groups ?? []).map((group, index) => ({group, path: ['auth', 'allow', 'groups', index]})),
    ...adminGroups.map((group, index) => ({group, path: ['auth', 'adminGroups', index]})),
    ...Object.keys(groups).map((group) => ({group, path: ['auth', 'groups', group]})),
  ]
}
