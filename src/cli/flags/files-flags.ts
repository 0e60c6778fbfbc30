import {Flags} from '@oclif/core'
import {parseMemory} from '../../hub-spec/limits/quantity.js'

/** How much of one person is taken at most: what people put into their homes is theirs to choose. */
export const collectLimitFlags = {
  'max-files': Flags.integer({
    summary: 'At most this many files from each person.',
    default: 1000,
    min: 1,
    max: 100_000,
    helpValue: 'N',
  }),
  'max-size': Flags.string({summary: 'At most this much from each person.', default: '1G', helpValue: 'SIZE'}),
}

/** A whole home is archived: more than this is asked about first. */
export const resetLimitFlags = {
  'max-files': Flags.integer({
    summary: 'At most this many files from each person.',
    default: 100_000,
    min: 1,
    max: 500_000,
    helpValue: 'N',
  }),
  'max-size': Flags.string({summary: 'At most this much from each person.', default: '20G', helpValue: 'SIZE'}),
}

/** Throws `JHUB-E102`. */
export function toMost(flags: {readonly 'max-files': number; readonly 'max-size': string}): {
  readonly files: number
  readonly bytes: number
} {
  return {files: flags['max-files'], bytes: parseMemory(flags['max-size'])}
}
