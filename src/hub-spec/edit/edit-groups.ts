import {isMap, Scalar, YAMLMap, type Document} from 'yaml'
import {editDocument} from './edit-document.js'
import {setUser} from './edit-users.js'
import {normaliseGroupName} from '../people/group-name.js'
import {groupNames, requireGroup} from './group-nodes.js'
import {keyText, membership, setMembership} from './user-nodes.js'

/** The text with this group in it. */
export function addGroup(source: string, text: string): string {
  const name = normaliseGroupName(text)
  return editDocument(source, (document) => {
    const groups = document.get('groups', true)
    if (isMap(groups) && groupNames(groups).includes(name)) return
    const empty = new YAMLMap()
    empty.flow = true
    if (isMap(groups)) groups.set(new Scalar(name), empty)
    else document.set('groups', document.createNode({[name]: empty}))
  })
}

/** The text without this group, and with nobody in it. Throws `JHUB-E302`. */
export function removeGroup(source: string, text: string): string {
  const name = normaliseGroupName(text)
  return editDocument(source, (document) => {
    const groups = requireGroup(document, name, ['jhub group list'])
    groups.items = groups.items.filter(({key}) => normaliseGroupName(keyText(key)) !== name)
    if (groups.items.length === 0) document.delete('groups')
    const users = document.get('users', true)
    for (const pair of isMap(users) ? users.items : []) {
      const before = membership(pair)
      if (isMap(pair.value) && before.includes(name))
        setMembership(
          pair.value,
          before.filter((group) => group !== name),
        )
    }
  })
}

/** The text with people put into a group or taken out of it. Throws `JHUB-E302` for a group or a person that is not there. */
export function setGroupMembers(
  source: string,
  text: string,
  {add = [], remove = []}: {readonly add?: readonly string[]; readonly remove?: readonly string[]},
): string {
  const name = normaliseGroupName(text)
  editDocument(source, (document) => void requireGroup(document, name))
  const withAdded = add.reduce((next, user) => setUser(next, user, {addGroups: [name]}), source)
  return remove.reduce((next, user) => setUser(next, user, {removeGroups: [name]}), withAdded)
}

/** A group's own map, made where there is none, for a change inside it. Throws `JHUB-E302`. */
export function groupNode(document: Document, text: string): YAMLMap {
  const name = normaliseGroupName(text)
  const pair = requireGroup(document, name).items.find(({key}) => normaliseGroupName(keyText(key)) === name)
  if (pair !== undefined && !isMap(pair.value)) {
    const empty = new YAMLMap()
    empty.flow = true
    pair.value = empty
  }
  return pair?.value as YAMLMap
}
