import {isMap, type YAMLSeq} from 'yaml'
import {isRecord} from '../../../document/is-record.js'

/** What a path calls an item of a list: its `name`, or else its number from 0. */
export function itemKey(item: unknown, index: number): string {
  return isRecord(item) && typeof item['name'] === 'string' ? item['name'] : String(index)
}

/** The same, of a list as the parser has it. */
export function keyOfItem(list: YAMLSeq, item: unknown): string {
  const name = isMap(item) ? item.get('name') : undefined
  return typeof name === 'string' ? name : String(list.items.indexOf(item))
}

/** The item that a path calls so. */
export function itemOf(list: YAMLSeq, key: string): unknown {
  return list.items.find((item) => keyOfItem(list, item) === key)
}
