import {isMap, YAMLMap, type Document} from 'yaml'
import {JhubError} from '../../errors.js'
import {editDocument} from './edit-document.js'
import {groupNode} from './edit-groups.js'
import {userNode} from './edit-users.js'
import {parseServerCpu, parseServerMemory} from '../limits/least-limits.js'
import {formatCpu, formatMemory, parseCpu, parseMemory} from '../limits/quantity.js'

/** Whose limits. */
export type LimitScope = {readonly kind: 'default' | 'total'} | {readonly kind: 'user' | 'group'; readonly name: string}

/** Limits as a person writes them. */
export interface LimitValues {
  readonly memory?: string
  readonly memoryGuarantee?: string
  readonly cpu?: string
  readonly cpuGuarantee?: string
  readonly servers?: string
}

/** The text with these limits set. Throws `JHUB-E102` for an unreadable value, `JHUB-E302` for an unknown person or group. */
export function setLimits(source: string, scope: LimitScope, values: LimitValues): string {
  const entries = Object.entries(values).map(([key, value]) => [key, plainValue(key, String(value), scope)] as const)
  return editDocument(source, (document) => {
    const limits = limitsNode(document, scope)
    for (const [key, value] of entries) limits.set(key, value)
  })
}

/** The text without these limits; a map that becomes empty goes too. */
export function unsetLimits(source: string, scope: LimitScope, keys: readonly string[] | 'all'): string {
  return editDocument(source, (document) => {
    const limits = limitsNode(document, scope)
    if (keys === 'all') limits.items = []
    else for (const key of keys) limits.delete(key)
    removeEmpty(document, scope)
  })
}

function limitsNode(document: Document, scope: LimitScope): YAMLMap {
  if (scope.kind === 'user') return mapIn(userNode(document, scope.name), 'limits')
  if (scope.kind === 'group') return mapIn(groupNode(document, scope.name), 'limits')
  if (!isMap(document.get('limits', true))) document.set('limits', new YAMLMap())
  return mapIn(document.get('limits', true) as YAMLMap, scope.kind)
}

function mapIn(parent: YAMLMap, key: string): YAMLMap {
  const found: unknown = parent.get(key, true)
  if (isMap(found)) return found
  const made = new YAMLMap()
  made.flow = true
  parent.set(key, made)
  return made
}

function removeEmpty(document: Document, scope: LimitScope): void {
  if (scope.kind === 'user' || scope.kind === 'group') {
    const owner = scope.kind === 'user' ? userNode(document, scope.name) : groupNode(document, scope.name)
    if (isEmpty(owner.get('limits', true))) owner.delete('limits')
    return
  }
  const limits = document.get('limits', true)
  if (isMap(limits) && isEmpty(limits.get(scope.kind, true))) limits.delete(scope.kind)
  if (isEmpty(document.get('limits', true))) document.delete('limits')
}

function isEmpty(node: unknown): boolean {
  return isMap(node) && node.items.length === 0
}

/** The value in the form that the file keeps: normalised, so that a mistake is told before the file is touched. */
function plainValue(key: string, value: string, scope: LimitScope): string | number {
  switch (key) {
    case 'memory':
      return formatMemory(parseServerMemory(value))
    case 'memoryGuarantee':
      return formatMemory(parseMemory(value))
    case 'cpu':
      return Number(formatCpu(parseServerCpu(value)))
    case 'cpuGuarantee':
      return Number(formatCpu(parseCpu(value)))
    default:
      if (scope.kind !== 'total' || !/^[1-9]\d*$/.test(value)) {
        throw new JhubError('JHUB-E102', `"${value}" is not a number of servers`, {
          fix: 'jhub limits set --total --servers 40',
        })
      }
      return Number(value)
  }
}
