import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import {isMadeUp, rehearsalGroup, rehearsalName} from '../../hub-spec/people/rehearsal-names.js'
import {generatePassword} from '../../jupyterhub/people/generate-password.js'
import type {HubApi} from '../../jupyterhub/hub-api.js'
import {listNames} from '../../jupyterhub/list-names.js'
import type {Credentials} from '../../load/drive.js'
import type {HubContext} from '../session/hub-context.js'
import type {OpenHub} from '../session/open-hub.js'
import {settleSome} from '../session/settle-some.js'
import {forgetRehearsal, recordRehearsal} from './rehearsal-record.js'

/** Their tokens end by themselves, should nobody remove them. */
const tokenSeconds = 6 * 3600

/** More at once would only wait for each other. */
const mostAtOnce = 10

/** As many names as there are to be people, none of them on the hub already. */
export async function rehearsalNames(api: HubApi, people: number): Promise<readonly string[]> {
  const taken = new Set((await api.users()).map(({name}) => name))
  const all = Array.from({length: people + taken.size}, (_, index) => rehearsalName(index + 1))
  return all.filter((name) => !taken.has(name)).slice(0, people)
}

/** Puts made-up people on the hub, in a group of their own, each with a password or a token. */
export async function makePeople(
  context: HubContext,
  hub: OpenHub,
  names: readonly string[],
): Promise<readonly Credentials[]> {
  const api = await hub.requireApi()
  await recordRehearsal(context, hub.spec.name, names)
  await api.createGroup(rehearsalGroup)
  await api.createUsers(names)
  await api.addToGroup(rehearsalGroup, names)
  if (hub.spec.auth.method === 'password') {
    const passwords = new Map(names.map((name) => [name, generatePassword()]))
    await api.setPasswords(passwords, true)
    return [...passwords].map(([name, password]) => ({name, password}))
  }
  const tokens = await settleSome(names, mostAtOnce, (name) => api.createToken(name, tokenSeconds))
  return tokens.map((result, index) => {
    if (result.status === 'rejected') throw result.reason
    return {name: names[index] ?? '', token: result.value}
  })
}

/** Which of them are on the hub. */
export async function madeUpPeople(api: HubApi): Promise<readonly string[]> {
  return (await api.users()).filter(isMadeUp).map(({name}) => name)
}

/**
 * Removes made-up people, and those of a record of this computer, with their servers, homes and accounts, and their group; then looks that nothing is left. The hub
 * names them until the end, so that it can be done again. Throws `JHUB-E601` with what is left.
 */
export async function removePeople(
  context: HubContext,
  hub: OpenHub,
  known: readonly string[],
): Promise<readonly string[]> {
  const api = await hub.requireApi()
  const users = (await api.users()).filter((user) => isMadeUp(user) || known.includes(user.name))
  const names = [...new Set([...users.map(({name}) => name), ...known])]
  const withServer = users.filter(({server}) => server !== undefined).map(({name}) => name)
  const stopped = await settleSome(withServer, mostAtOnce, (name) => api.stopServer(name))
  requireAll(stopped, withServer, 'their servers do not stop')
  const homes = hub.engine.homes.remove(names)
  const {signal} = context
  if ((await homes.check()) !== undefined) await homes.apply({signal, report: () => undefined, note: () => undefined})
  const deleted = await settleSome(names, mostAtOnce, (name) => api.deleteUser(name))
  requireAll(deleted, names, 'they are still on the hub')
  await api.deleteGroup(rehearsalGroup)
  await requireNothingLeft(api, hub, names)
  await forgetRehearsal(context, hub.spec.name)
  return names
}

function requireAll(
  results: readonly PromiseSettledResult<unknown>[],
  names: readonly string[],
  failure: string,
): void {
  const failed = names.filter((_, index) => results[index]?.status === 'rejected')
  const [reason] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  if (failed.length > 0) throw leftOver(`${listNames(failed)}: ${failure}`, reason)
}

async function requireNothingLeft(api: HubApi, hub: OpenHub, names: readonly string[]): Promise<void> {
  const [people, groups, homes] = await Promise.all([
    madeUpPeople(api),
    api.groups(),
    hub.engine.homes.remove(names).check(),
  ])
  const left = [
    ...(people.length === 0 ? [] : [listNames(people)]),
    ...(groups.some(({name}) => name === rehearsalGroup) ? [`the group ${rehearsalGroup}`] : []),
    ...(homes === undefined ? [] : [homes.summary]),
  ]
  if (left.length > 0) throw leftOver(left.join('; '))
}

function leftOver(what: string, cause?: unknown): JhubError {
  return new JhubError('JHUB-E601', `Not everything of the rehearsal could be removed: ${what}`, {
    fix: ['jhub rehearse --clean', 'jhub logs'],
    ...definedOnly({cause}),
  })
}
