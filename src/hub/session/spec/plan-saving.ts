import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import type {PlannedChange} from '../../../steps/run-steps.js'

type People = Pick<HubSpec, 'users'>

/** All that a change does while the hub is not running, with the people who come and go. */
export function planSaving(before: People, next: People): PlannedChange {
  const added = [...next.users.keys()].filter((name) => !before.users.has(name))
  const removed = [...before.users.keys()].filter((name) => !next.users.has(name))
  const people = [
    ...(added.length === 0 ? [] : [`add ${listNames(added)} to the settings file`]),
    ...(removed.length === 0 ? [] : [`remove ${listNames(removed)} from the settings file`]),
  ]
  const what = people.length === 0 ? 'save it in the settings file' : people.join(', ')
  return {
    step: 'Save the settings file',
    summary: `${what}; the hub is not running: \`jhub up\` applies it`,
    disturbs: 'live',
  }
}
