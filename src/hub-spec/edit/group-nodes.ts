import {isMap, type Document, type YAMLMap} from 'yaml'
import {JhubError} from '../../errors.js'
import {normaliseGroupName} from '../people/group-name.js'
import {insteadOf, notThere} from './not-there.js'
import {keyText} from './user-nodes.js'

/** The map of all groups, which has this one. Throws `JHUB-E302`; `fix` is what can be typed then. */
export function requireGroup(
  document: Document,
  name: string,
  fix: readonly string[] = [`jhub group add ${name}   # then the same command again`, 'jhub group list'],
): YAMLMap {
  const groups = document.get('groups', true)
  const known = isMap(groups) ? groupNames(groups) : []
  if (isMap(groups) && known.includes(name)) return groups
  throw new JhubError('JHUB-E302', notThere('group', name, known), {fix: insteadOf(name, known, fix)})
}

export function groupNames(groups: YAMLMap): readonly string[] {
  return groups.items.map(({key}) => normaliseGroupName(keyText(key)))
}
