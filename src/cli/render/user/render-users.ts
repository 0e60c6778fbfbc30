import type {GroupPasswordsResult} from '../../../hub/user/group-passwords.js'
import type {UserAddResult} from '../../../hub/user/user-add.js'
import type {ListedUser, UserListResult} from '../../../hub/user/user-list.js'
import type {UserPasswordResult} from '../../../hub/user/user-password.js'
import type {UserRemoveResult} from '../../../hub/user/user-remove.js'
import type {UserSetResult} from '../../../hub/user/user-set.js'
import type {UserShowResult} from '../../../hub/user/user-show.js'
import {isMadeUp} from '../../../hub-spec/people/rehearsal-names.js'
import {renderLoginPlace} from '../hub/render-addresses.js'
import {renderChange} from '../render-change.js'
import {renderInForce, renderResolved} from '../render-limits.js'
import {renderPasswords} from './render-passwords.js'
import {renderTable} from '../text/render-table.js'

export function renderUserAdd(result: UserAddResult, {areAdmins}: {readonly areAdmins: boolean}): string {
  const added = result.users.filter(({state}) => state === 'added')
  const there = result.users.filter(({state}) => state === 'already there')
  const passwords = result.users.flatMap(({name, password}) =>
    password === undefined ? [] : [[name, password] as const],
  )
  const renamed = added.filter(({name, account}) => name !== account)
  const done = [
    ...(added.length === 0 ? [] : [`Added ${countPeople(added.length)}.`, renderLoginPlace(result.addresses)]),
    ...(there.length === 0 ? [] : [`Already there: ${there.map(({name}) => name).join(', ')}`]),
    ...renderNotDone(there.flatMap(({notDone = []}) => notDone)),
    ...(renamed.length === 0 ? [] : [`Homes: ${renamed.map(({name, account}) => `${name} in ${account}`).join(', ')}`]),
    ...renderPasswords(passwords, areAdmins ? passwords.map(([name]) => name) : []),
  ]
  return renderChange(result, done.join('\n'))
}

/** At most a few commands: who has many to change sees how. */
function renderNotDone(commands: readonly string[]): readonly string[] {
  if (commands.length === 0) return []
  const rest = commands.length > 3 ? `\nand ${String(commands.length - 3)} more of these commands.` : ''
  return [`They were not changed.\nNext:  ${commands.slice(0, 3).join(' · ')}${rest}`]
}

export function renderUserRemove(result: UserRemoveResult): string {
  const {removed, homes} = result
  return renderChange(
    result,
    `Removed ${removed.join(', ')}. They can no longer log in, and no server, password or token of theirs is left. Their files were ${homes === 'kept' ? 'kept' : 'deleted'}.`,
  )
}

export function renderUserList({running, users}: UserListResult): string {
  if (users.length === 0) return 'Nobody yet.\nNext:  jhub user add ana ben'
  const marks = {both: '', spec: 'not on the hub yet: jhub up', hub: 'not in the settings file'}
  const noteOf = (user: ListedUser) =>
    user.in === 'hub' && isMadeUp(user) ? 'made up by jhub rehearse' : marks[user.in]
  const notes = users.map((user) => (running ? noteOf(user) : ''))
  const hasNotes = notes.some((note) => note !== '')
  const hasNames = users.some(({displayName}) => displayName !== null)
  const hasEmails = users.some(({email}) => email !== null)
  const heads = [
    ...(hasNames ? ['login', 'name'] : ['name']),
    ...(hasEmails ? ['e-mail'] : []),
    ...['account', 'admin', 'groups', 'server', 'last activity'],
    ...(hasNotes ? ['note'] : []),
  ]
  const table = renderTable(
    heads,
    users.map((user, index) => [
      user.name,
      ...(hasNames ? [user.displayName ?? ''] : []),
      ...(hasEmails ? [user.email ?? ''] : []),
      user.account,
      user.admin ? 'yes' : '',
      user.groups.join(','),
      running ? user.server : '',
      renderMoment(user.lastActivity),
      ...(hasNotes ? [notes[index] ?? ''] : []),
    ]),
  )
  return running ? table : `${table}\nThe hub is not running: this is what the settings file says.`
}

export function renderUserShow(user: UserShowResult): string {
  const {server} = user
  return [
    `User:      ${user.name}`,
    ...(user.displayName === null ? [] : [`Name:      ${user.displayName}`]),
    ...(user.email === null ? [] : [`E-mail:    ${user.email}`]),
    `Account:   ${user.account}`,
    `Admin:     ${user.admin ? 'yes' : 'no'}`,
    `Groups:    ${user.groups.join(', ') || '-'}`,
    `Limits:    ${renderResolved(user.limits)}`,
    `Server:    ${server.state}`,
    ...(server.inForce === null ? [] : [`In force:  ${renderInForce(server.inForce)}`]),
    `Active:    ${renderMoment(user.lastActivity) || '-'}`,
  ].join('\n')
}

export function renderUserSet(result: UserSetResult): string {
  const {name, admin, groups} = result
  return renderChange(
    result,
    `${name} is ${admin ? 'an admin' : 'not an admin'}; groups: ${groups.join(', ') || 'none'}.`,
  )
}

export function renderUserPassword({name, password, addresses, server}: UserPasswordResult): string {
  const servers = {
    'not running': `, and ${name} is logged out everywhere.`,
    stopped: `, ${name} is logged out everywhere, and their server was stopped.`,
    'runs on': `, and ${name} is logged out of the hub.\nTheir server is still running: pages of it that are open keep working until it stops.\nNext:  jhub server stop ${name}`,
  }
  const head = `${name} has a new password. The old one no longer works${servers[server]}\n${renderLoginPlace(addresses)}`
  return password === null ? head : [head, ...renderPasswords([[name, password]])].join('\n')
}

export function renderGroupPasswords({passwords, stopped, running, addresses}: GroupPasswordsResult): string {
  const people = Object.entries(passwords)
  return [
    `${countPeople(people.length)} ${people.length === 1 ? 'has' : 'have'} new passwords. The old ones no longer work.`,
    ...(stopped.length === 0 ? [] : [`Servers stopped: ${stopped.join(', ')}`]),
    ...(running.length === 0
      ? []
      : [`Still running, with the pages that are open: ${running.join(', ')}\nNext:  jhub server stop NAME`]),
    renderLoginPlace(addresses),
    ...renderPasswords(people),
  ].join('\n')
}

/** `2026-11-24 14:05`, in the local time of the person. */
export function renderMoment(moment: string | null): string {
  if (moment === null) return ''
  const date = new Date(moment)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

function countPeople(count: number): string {
  return count === 1 ? '1 person' : `${String(count)} people`
}
