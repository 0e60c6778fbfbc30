import {JhubError} from '../../../errors.js'
import {AgentRefusal} from './agent.js'

/** What a machine refused to do with a file, in a person's words: `JHUB-E209` on a full disk, else `JHUB-E202`. */
export function translateRefusal(path: string, error: unknown): unknown {
  if (!(error instanceof AgentRefusal)) return error
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new JhubError('JHUB-E209', `No space left on the machine's disk for ${path}`, {
        cause: error,
        fix: 'Free up some space there, then run the same command again.',
      })
    default:
      return new JhubError('JHUB-E202', `${path} cannot be used on the machine: ${error.message}`, {cause: error})
  }
}
