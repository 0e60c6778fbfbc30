import {Flags} from '@oclif/core'
import type {MostOfOne} from '../../hub/files/local/most-of-one.js'
import {parseMemory} from '../../hub-spec/limits/quantity.js'

/** A list of more files is not held. */
export const filesEver = {collect: 100_000, reset: 500_000} as const

/** How much of one person is taken at most: what people put into their homes is theirs to choose. */
export const collectLimitFlags = {
  'max-files': Flags.integer({
    summary: 'At most this many files from each person.',
    default: 1000,
    min: 1,
    max: filesEver.collect,
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
    max: filesEver.reset,
    helpValue: 'N',
  }),
  'max-size': Flags.string({summary: 'At most this much from each person.', default: '20G', helpValue: 'SIZE'}),
}

/** Throws `JHUB-E102`. */
export function toMost(
  flags: {readonly 'max-files': number; readonly 'max-size': string},
  command: keyof typeof filesEver,
): MostOfOne {
  return {files: flags['max-files'], bytes: parseMemory(flags['max-size']), filesEver: filesEver[command]}
}
