import {JhubError} from '../errors.js'
import type {Files} from '../host/files/files.js'

/** Throws `JHUB-E301` for a pipe or a device that the spec names: it is never read to its end. */
export async function requirePlainFile(files: Files, file: string): Promise<void> {
  if ((await files.stat(file))?.kind === 'other')
    throw new JhubError('JHUB-E301', `${file} is a pipe or a device, not a file`, {
      fix: 'jhub config edit   # names a file that stays',
    })
}
