import {JhubError, messageOf} from '../../../errors.js'

/** What the kernel leaves of a program that it ended, 128 and its signal; and how programs tell it of others. */
const killed = 137
const words =
  /\bsignal: 9\b|SIGKILL|^Killed\b|non-zero code: 137|\bexit (?:code|status):? 137\b|MemoryError|out of memory|cannot allocate memory|os error 12\b/im

/** Memory ran out while something was made: `JHUB-E240`; `undefined` where it failed for another reason. */
export function outOfMemory(error: JhubError, what: string): JhubError | undefined {
  const {output, exitCode} = error.details ?? {}
  const said = [error.message, messageOf(error.cause), ...(typeof output === 'string' ? [output] : [])].join('\n')
  if (exitCode !== killed && !words.test(said)) return undefined
  return new JhubError('JHUB-E240', `Memory ran out while installing ${what}`, {
    cause: error.cause,
    fix: 'free -h   # stop what needs memory, or ask for packages that need no compiler; then run the same command again',
  })
}
