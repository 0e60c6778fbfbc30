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
  const bytes = found.files.reduce((total, {size}) => total + size, 0)
  if (found.hasMore)
    throw new JhubError('JHUB-E229', `more than ${String(most.files)} files: ${instead}, or raise --max-files`)
  if (bytes > most.bytes)
    throw new JhubError('JHUB-E229', `it is ${formatRoughMemory(bytes)}: ${instead}, or raise --max-size`)
}
