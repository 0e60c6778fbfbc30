import type {FilesFound} from '../../../engines/engine.js'
import {JhubError} from '../../../errors.js'
import {formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'

/** How much of one person a command takes. */
export interface MostOfOne {
  readonly files: number
  readonly bytes: number
}

/** Throws `JHUB-E229` for more than that; `instead` is what else helps than to raise it. */
export function requireWithin(found: FilesFound, most: MostOfOne, instead: string): void {
  const problem = beyondMost(found, most, instead)
  if (problem !== undefined) throw new JhubError('JHUB-E229', problem)
}

/** What is more than that, and what helps; `undefined` where nothing is. */
export function beyondMost(found: FilesFound, most: MostOfOne, instead: string): string | undefined {
  const bytes = found.files.reduce((total, {size}) => total + size, 0)
  if (found.hasMore) return `more than ${String(most.files)} files: ${instead}, or raise --max-files`
  if (bytes > most.bytes) return `it is ${formatRoughMemory(bytes)}: ${instead}, or raise --max-size`
  return undefined
}
