import {isMap, isScalar, isSeq, Scalar, YAMLSeq, type Pair, type YAMLMap} from 'yaml'
import {normaliseGroupName} from '../people/group-name.js'
import {normaliseUserName} from '../people/user-name.js'

/** The text of a key or a list item. */
export function keyText(node: unknown): string {
  return String(isScalar(node) ? node.value : node)
}

export function isNamed(node: unknown, name: string): boolean {
  return normaliseUserName(keyText(node)) === name
}

/** The groups that a user's entry names. */
export function membership({value}: Pair): readonly string[] {
  const groups: unknown = isMap(value) ? value.get('groups', true) : undefined
  return isSeq(groups) ? groups.items.map((item) => normaliseGroupName(keyText(item))) : []
}

export function setMembership(entry: YAMLMap, groups: readonly string[]): void {
  if (groups.length === 0) {
    entry.delete('groups')
    return
  }
  const list = new YAMLSeq()
  list.flow = true
  list.items = groups.map((name) => new Scalar(name))
  entry.set('groups', list)
}
