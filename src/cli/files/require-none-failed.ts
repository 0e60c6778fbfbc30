import {JhubError} from '../../errors.js'

interface Person {
  readonly state: string
  readonly isTooMuch?: true
}

const sentences = {
  collect: {
    failed: 'Could not collect everything from',
    tooMuch: 'Choose fewer files with a narrower pattern, or take more with --max-files and --max-size',
  },
  reset: {
    failed: 'Could not empty the homes of',
    tooMuch: 'Ask the people with more to tidy up, or take more with --max-files and --max-size',
  },
} as const

/** Throws `JHUB-E601` with what helps those of whom not everything could be taken. */
export function requireNoneFailed(command: keyof typeof sentences, result: {readonly people: readonly Person[]}): void {
  const failed = result.people.filter(({state}) => state === 'failed')
  if (failed.length === 0) return
  const tooMuch = failed.filter(({isTooMuch}) => isTooMuch === true).length
  const count = `${String(failed.length)} of ${String(result.people.length)} people`
  throw new JhubError('JHUB-E601', `${sentences[command].failed} ${count}`, {
    fix: [
      ...(tooMuch > 0 ? [sentences[command].tooMuch] : []),
      ...(tooMuch < failed.length
        ? ['Look at the notes above, then run the same command again: it continues where it stopped']
        : []),
    ],
    details: {...result},
  })
}
