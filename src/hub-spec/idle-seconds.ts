import type {HubSpec} from './hub-spec.js'

/** After how many whole seconds an unused server is stopped, at least one; `null`: never. */
export function idleSeconds({idle}: Pick<HubSpec, 'idle'>): number | null {
  return idle.afterMs === undefined ? null : Math.max(1, Math.round(idle.afterMs / 1000))
}
