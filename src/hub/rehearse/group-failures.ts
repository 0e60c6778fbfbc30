import type {Stage, Visit} from '../../load/visit.js'

/** One cause, and whom it kept from going on. */
export interface FailureGroup {
  readonly stage: Stage
  /** In the hub's or the notebook's own words. */
  readonly cause: string
  readonly people: readonly string[]
}

/** Failures with the same cause are one, the most frequent first; what differs only by the person is the same. */
export function groupFailures(visits: readonly Visit[]): readonly FailureGroup[] {
  const groups = new Map<string, {stage: Stage; cause: string; people: string[]}>()
  for (const {name, failure} of visits) {
    if (failure === undefined) continue
    const cause = failure.cause.replaceAll(name, 'NAME').replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'ID')
    const key = `${failure.stage}\0${cause}`
    const group = groups.get(key) ?? {stage: failure.stage, cause, people: []}
    group.people.push(name)
    groups.set(key, group)
  }
  return [...groups.values()].toSorted((one, other) => other.people.length - one.people.length)
}
