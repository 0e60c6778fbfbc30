import {JhubError} from '../../errors.js'
import type {LimitScope, LimitValues} from '../../hub-spec/edit/edit-limits.js'

interface ScopeFlags {
  readonly user?: string | undefined
  readonly group?: string | undefined
  readonly total: boolean
}

/** Whose limits the flags mean. */
export function limitScope({user, group, total}: ScopeFlags): LimitScope {
  if (user !== undefined) return {kind: 'user', name: user}
  if (group !== undefined) return {kind: 'group', name: group}
  return total ? {kind: 'total'} : {kind: 'default'}
}

const keyOfFlag = {
  memory: 'memory',
  'memory-guarantee': 'memoryGuarantee',
  cpu: 'cpu',
  'cpu-guarantee': 'cpuGuarantee',
  servers: 'servers',
} as const

type ValueFlags = {readonly [Flag in keyof typeof keyOfFlag]?: string | undefined}

/** The limits the flags name. Throws `JHUB-E100` when they name none. */
export function limitValues(flags: ValueFlags): LimitValues {
  const entries = Object.entries(keyOfFlag).flatMap(([flag, key]) => {
    const value = flags[flag as keyof typeof keyOfFlag]
    return value === undefined ? [] : [[key, value] as const]
  })
  if (entries.length === 0) {
    throw new JhubError('JHUB-E100', 'No limit was named', {fix: ['jhub limits set --memory 2G', 'jhub limits unset']})
  }
  return Object.fromEntries(entries)
}

/** Keys to take away, in the words of the flags. Throws `JHUB-E100` for a word that is none. */
export function limitKeys(words: readonly string[]): readonly string[] | 'all' {
  if (words.length === 0) return 'all'
  return words.map((word) => {
    const key = Object.entries(keyOfFlag).find(([flag, name]) => flag === word || name === word)?.[1]
    if (key === undefined) {
      throw new JhubError('JHUB-E100', `"${word}" is not a limit`, {
        fix: `One of: ${Object.keys(keyOfFlag).join(', ')}`,
      })
    }
    return key
  })
}
