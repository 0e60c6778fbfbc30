import type {ImportPlan, PlannedPerson, UserImportResult} from '../../../hub/user/user-import.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import type {PeopleFile} from '../../input/people/read-people-file.js'
import {renderLoginPlace} from '../hub/render-addresses.js'
import {renderChange} from '../render-change.js'
import {renderPasswords} from './render-passwords.js'
import {renderTable} from '../text/render-table.js'

const previewRows = 5

/** Whether a preview shows everybody, so that nobody has to be listed again afterwards. */
export function isWholePreview({people}: ImportPlan): boolean {
  return people.length <= previewRows
}

/**
 * Which column says what; for somebody who is asked, also the first people with the login that each will have, before all those
 * for whom something changes.
 */
export function renderImportPreview(
  {people, removed}: ImportPlan,
  {source, columns}: PeopleFile,
  {isAsked}: {readonly isAsked: boolean},
): string {
  const more = people.length - previewRows
  const shown = people.toSorted((one, other) => Number(isUnchanged(one)) - Number(isUnchanged(other)))
  const read = columns.map(({says, heading}) => `${says} from "${heading}"`).join(', ')
  return [
    `${source}: ${countPeople(people.length)}; ${read}.`,
    ...(columns.some(({says}) => says === 'login')
      ? []
      : ['There is no column of logins: each is made of the e-mail address, else of the name.']),
    ...(isAsked ? ['', peopleTable(shown.slice(0, previewRows))] : []),
    ...(isAsked && more > 0 ? [`and ${String(more)} more.`] : []),
    ...(removed.length === 0 ? [] : ['', `Not in the file: ${removed.join(', ')}`]),
  ].join('\n')
}

function isUnchanged({state}: PlannedPerson): boolean {
  return state === 'unchanged'
}

/** What an import did, with the login of everybody who is new or changed, where a preview did not show them all. */
export function renderUserImport(result: UserImportResult, {wereShown}: {readonly wereShown: boolean}): string {
  const {people, removed, newGroups, passwords, outcome} = result
  const isOf = (state: PlannedPerson['state']) => people.filter((person) => person.state === state)
  const [fresh, changed, unchanged] = [isOf('new'), isOf('changed'), isOf('unchanged')]
  if (fresh.length + changed.length + removed.length === 0)
    return outcome === 'planned'
      ? renderChange(result, '')
      : `Nothing to do: ${countPeople(people.length)} of the file ${people.length === 1 ? 'is' : 'are'} there already.`
  const counts = [
    ...(fresh.length === 0 ? [] : [`Added ${countPeople(fresh.length)}.`]),
    ...(changed.length === 0 ? [] : [`Changed name, e-mail or groups of ${countPeople(changed.length)}.`]),
    ...(unchanged.length === 0
      ? []
      : [`${countPeople(unchanged.length)} ${unchanged.length === 1 ? 'is' : 'are'} as before.`]),
    ...(removed.length === 0 ? [] : [`Removed ${listNames(removed)}; their files were kept.`]),
    ...(newGroups.length === 0 ? [] : [`New ${newGroups.length === 1 ? 'group' : 'groups'}: ${newGroups.join(', ')}.`]),
  ]
  const logins = wereShown ? [] : ['', peopleTable([...fresh, ...changed])]
  if (outcome !== 'applied')
    return [
      ...(outcome === 'saved' ? counts : []),
      renderChange(result, '', `Would change name, e-mail or groups of ${countPeople(changed.length)}.`),
      ...logins,
    ].join('\n')
  return [...counts, renderLoginPlace(result.addresses), ...logins, ...renderPasswords(Object.entries(passwords))].join(
    '\n',
  )
}

function peopleTable(people: readonly PlannedPerson[]): string {
  return renderTable(
    ['login', 'name', 'e-mail', 'groups', 'state'],
    people.map(({login, name = '', email = '', groups, state}) => [login, name, email, groups.join(','), state]),
  )
}

function countPeople(count: number): string {
  return count === 1 ? '1 person' : `${String(count)} people`
}
