import type {FilesFound} from '../../../engines/engine.js'
import {formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'

/** How much of one person a command takes. */
export interface MostOfOne {
  readonly files: number
  /** More files than these cannot be allowed. */
  readonly filesEver: number
  readonly bytes: number
}

/** What is more than that, and what helps, `instead` or to raise it; `undefined` where nothing is. */
export function beyondMost(found: FilesFound, most: MostOfOne, instead: string): string | undefined {
  const bytes = found.files.reduce((total, {size}) => total + size, 0)
  if (found.hasMore) {
    const raise = most.files < most.filesEver ? ', or raise --max-files' : ''
    return `more than ${String(most.files)} files: ${instead}${raise}`
  }
  if (bytes > most.bytes) return `it is ${formatRoughMemory(bytes)}: ${instead}, or raise --max-size`
  return undefined
}
