import {formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'
import type {Progress} from '../../../steps/step.js'

/** One line of how far a step is. */
export function renderProgress(progress: Progress | string): string {
  if (typeof progress === 'string') return progress
  const amount = (value: number) => (progress.unit === 'bytes' ? formatRoughMemory(value) : String(value))
  const of = progress.total === undefined ? '' : ` of ${amount(progress.total)}`
  return `${amount(progress.done)}${of}${progress.note === undefined ? '' : ` ${progress.note}`}`
}
