import {exitCodeOf, JhubError, messageOf} from '../../../errors.js'
import {wasKilled} from '../../../host/processes/ended-by-kernel.js'

/** How programs say that the kernel ended another. */
const words =
  /\bsignal: 9\b|SIGKILL|^Killed\b|non-zero code: 137|\bexit (?:code|status):? 137\b|MemoryError|out of memory|cannot allocate memory|os error 12\b/im

/** Memory ran out while something was made: `JHUB-E240`; `undefined` where it failed for another reason. */
export function outOfMemory(error: JhubError, what: string): JhubError | undefined {
  const {output} = error.details ?? {}
  const said = [error.message, messageOf(error.cause), ...(typeof output === 'string' ? [output] : [])].join('\n')
  if (!wasKilled(exitCodeOf(error)) && !words.test(said)) return undefined
  return new JhubError('JHUB-E240', `Memory ran out while installing ${what}`, {
    cause: error.cause,
    fix: 'free -h   # stop what needs memory, or ask for packages that need no compiler; then run the same command again',
  })
}
