import {JhubError} from '../errors.js'
import type {FileFacts} from '../host/files/files.js'

/** Throws `JHUB-E301` for a pipe or a device that the spec names: it is never read to its end. */
export function requirePlainFile(file: string, facts: FileFacts | undefined): void {
  if (facts?.kind === 'other')
    throw new JhubError('JHUB-E301', `${file} is a pipe or a device, not a file`, {
      fix: 'jhub config edit   # names a file that stays',
    })
}
