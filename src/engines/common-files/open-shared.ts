import type {Step} from '../../steps/step.js'
import type {AskProgram} from '../python-program.js'
import {askValue} from './tree-keeper.js'

type SharedState = 'open' | 'closed' | 'absent' | 'changed'

export interface OpenShared {
  readonly isWanted: boolean
  /** Asks `assets/files/jhub_shared.py`. */
  readonly ask: AskProgram
  /** False while its place is not made yet. */
  readonly isThere: () => Promise<boolean>
}

/** Opens the directory in which everybody writes, or closes it. What is in it stays. */
export function openShared({isWanted, ask, isThere}: OpenShared): Step {
  const value = (verb: string) => askValue(ask, 'The shared directory cannot be used', {do: verb})
  const look = async () => ((await isThere()) ? ((await value('look')) as SharedState) : 'absent')
  return {
    title: isWanted ? 'Open the shared directory' : 'Close the shared directory',
    async check() {
      const state = await look()
      const isSo = isWanted ? state === 'open' : state === 'absent' || state === 'closed'
      if (isSo) return undefined
      const summary = isWanted
        ? `${state === 'absent' ? 'make' : 'open'} the directory that everybody can write to`
        : 'close the directory that everybody could write to; what is in it stays'
      return {summary, disturbs: 'live'}
    },
    async apply(context) {
      const isReadable = await value(isWanted ? 'open' : 'close')
      if (!isWanted) return
      context.note(
        'People find the shared directory in their file browser, as "shared", when their server next starts.',
      )
      if (isReadable === false)
        context.note(
          "The hub's disk has no access lists, so people have to run chmod before others can read what they put there.",
        )
    },
  }
}
