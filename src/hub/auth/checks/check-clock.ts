import type {Finding} from '../../../findings/finding.js'
import type {JsonAnswer} from '../../../host/network/read-json.js'

/** Beyond this, tokens are taken for expired or not yet valid. */
const clockMs = 60_000

/** Whether the clocks of this computer and of whoever answered are near enough for tokens; nothing where they are. */
export function checkClock({clockMs: theirs}: JsonAnswer, now: number): readonly Finding[] {
  const apart = theirs === undefined ? 0 : Math.abs(theirs - now)
  if (apart <= clockMs) return []
  return [
    {
      check: 'clock',
      state: 'problem',
      found: `the clocks of this computer and of the provider are ${String(Math.round(apart / 1000))} seconds apart`,
      needed: 'less than a minute',
      fix: 'timedatectl set-ntp true',
    },
  ]
}
