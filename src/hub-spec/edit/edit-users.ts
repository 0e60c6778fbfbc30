import {isMap, isSeq, Pair, Scalar, YAMLMap, type Document} from 'yaml'
import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import {editDocument} from './edit-document.js'
import {insteadOf} from './not-there.js'
import {nearest} from '../document/nearest.js'
import {normaliseGroupName} from '../people/group-name.js'
import {requireGroup} from './group-nodes.js'
import {isNamed, keyText, membership, setMembership} from './user-nodes.js'
import {normaliseUserName} from '../people/user-name.js'

export interface UserChange {
  readonly name?: string
  readonly email?: string
  readonly admin?: boolean
  readonly addGroups?: readonly string[]
  readonly removeGroups?: readonly string[]
}

/** The text with these people in it. Who is there already only gets what `options` says. Throws `JHUB-E302` for a group that is not in it. */
export function addUsers(
  source: string,
  names: readonly string[],
  options: {readonly admin?: boolean; readonly groups?: readonly string[]} = {},
): string {
  const isPlain = options.admin === undefined && (options.groups ?? []).length === 0
  return editDocument(source, (document) => {
    const wanted = [...new Set(names.map(normaliseUserName))]
    const users = document.get('users', true)
    if (isSeq(users) && isPlain) {
      const there = new Set(users.items.map((item) => normaliseUserName(keyText(item))))
      for (const name of wanted.filter((each) => !there.has(each))) users.add(new Scalar(name))
      return
    }
    for (const group of options.groups ?? []) requireGroup(document, normaliseGroupName(group))
    const map = usersAsMap(document)
    const there = new Map(map.items.map((pair) => [normaliseUserName(keyText(pair.key)), pair]))
    for (const name of wanted) {
      const pair = there.get(name) ?? addEntry(map, name)
      applyChange(pair, {
        ...definedOnly({admin: options.admin}),
        addGroups: options.groups ?? [],
      })
    }
  })
}

/** The text with these people in it and changed so; who is not there yet is added. Throws `JHUB-E302` for a group that is not in it. */
export function putUsers(source: string, changes: ReadonlyMap<string, UserChange>): string {
  return editDocument(source, (document) => {
    for (const group of new Set([...changes.values()].flatMap(({addGroups = []}) => addGroups)))
      requireGroup(document, normaliseGroupName(group))
    const map = usersAsMap(document)
    const there = new Map(map.items.map((pair) => [normaliseUserName(keyText(pair.key)), pair]))
    for (const [name, change] of changes) applyChange(there.get(name) ?? addEntry(map, name), change)
  })
}

/** The text without these people. Throws `JHUB-E302` for a name that is not in it. */
export function removeUsers(source: string, names: readonly string[]): string {
  return editDocument(source, (document) => {
    for (const name of new Set(names.map(normaliseUserName))) {
      const users = document.get('users', true)
      requireUserNode(users, name)
      if (isSeq(users)) users.items = users.items.filter((item) => !isNamed(item, name))
      if (isMap(users)) users.items = users.items.filter(({key}) => !isNamed(key, name))
      if ((isSeq(users) || isMap(users)) && users.items.length === 0) document.delete('users')
    }
  })
}

/** The text with one person changed. Throws `JHUB-E302` for a name or a group that is not in it. */
export function setUser(source: string, text: string, change: UserChange): string {
  return editDocument(source, (document) => {
    const name = normaliseUserName(text)
    requireUserNode(document.get('users', true), name)
    for (const group of change.addGroups ?? []) requireGroup(document, normaliseGroupName(group))
    const map = usersAsMap(document)
    const pair = findUser(map, name)
    if (pair !== undefined) applyChange(pair, change)
  })
}

/** The person's own map, made where there is none, for a change inside it. Throws `JHUB-E302`. */
export function userNode(document: Document, text: string): YAMLMap {
  const name = normaliseUserName(text)
  requireUserNode(document.get('users', true), name)
  const map = usersAsMap(document)
  const pair = findUser(map, name) ?? addEntry(map, name)
  return entryMap(pair)
}

function applyChange(pair: Pair, change: UserChange): void {
  const groups = membership(pair)
  const removed = (change.removeGroups ?? []).map(normaliseGroupName)
  const next = [...new Set([...groups, ...(change.addGroups ?? []).map(normaliseGroupName)])].filter(
    (group) => !removed.includes(group),
  )
  for (const key of ['name', 'email'] as const) if (change[key] !== undefined) entryMap(pair).set(key, change[key])
  if (change.admin !== undefined) {
    const entry = entryMap(pair)
    if (change.admin) entry.set('admin', true)
    else entry.delete('admin')
  }
  if (next.join() !== groups.join()) setMembership(entryMap(pair), next)
}

/** Users as a map: a list becomes one when somebody in it gets something special. */
function usersAsMap(document: Document): YAMLMap {
  const users = document.get('users', true)
  if (isMap(users)) return users
  const names = isSeq(users) ? users.items.map(keyText) : []
  const map = new YAMLMap()
  for (const name of names) addEntry(map, name)
  document.set('users', map)
  return map
}

function findUser(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({key}) => isNamed(key, name))
}

/** For a name that is not there yet. */
function addEntry(map: YAMLMap, name: string): Pair {
  const pair = new Pair(new Scalar(name), emptyFlowMap())
  map.items.push(pair)
  return pair
}

function entryMap(pair: Pair): YAMLMap {
  if (!isMap(pair.value)) pair.value = emptyFlowMap()
  return pair.value as YAMLMap
}

function emptyFlowMap(): YAMLMap {
  const map = new YAMLMap()
  map.flow = true
  return map
}

function requireUserNode(users: unknown, name: string): void {
  const names = isSeq(users) ? users.items.map(keyText) : isMap(users) ? users.items.map(({key}) => keyText(key)) : []
  const known = names.map(normaliseUserName)
  if (known.includes(name)) return
  const suggestion = nearest(name, known)
  throw new JhubError(
    'JHUB-E302',
    `There is no user "${name}" in the settings file${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`,
    {
      fix: insteadOf(name, known, ['jhub user list']),
    },
  )
}
