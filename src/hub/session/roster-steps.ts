import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {ensureGroups} from '../../jupyterhub/ensure-groups.js'
import {ensureLimits} from '../../jupyterhub/ensure-limits.js'
import {ensureUsers} from '../../jupyterhub/ensure-users.js'
import type {Step} from '../../steps/step.js'
import type {OpenHub} from './open-hub.js'

export interface Roster {
  readonly steps: readonly Step[]
  /** Passwords that were made for people who had none; filled while the steps are applied. */
  readonly issued: ReadonlyMap<string, string>
}

export interface RosterOptions {
  /** Passwords that the person gave, by user. */
  readonly passwords?: ReadonlyMap<string, string> | undefined
  /** People to remove besides those who were taken out of the spec. */
  readonly remove?: readonly string[] | undefined
}

/** People, groups and limits: what the hub's own API changes without a restart, in any engine. */
export function rosterSteps(
  {spec, connect}: Pick<OpenHub, 'spec' | 'connect'>,
  applied: HubSpec | undefined,
  {passwords = new Map<string, string>(), remove = []}: RosterOptions = {},
): Roster {
  const issued = new Map<string, string>()
  return {
    issued,
    steps: [
      ensureUsers({connect, spec, applied, remove, passwords, issued}),
      ensureGroups({connect, spec, applied}),
      ensureLimits({connect, spec}),
    ],
  }
}
