import path from 'node:path'
import {JhubError, messageOf} from '../../errors.js'

/** What went wrong with writing a file, in a person's words where it is the disk. */
export function writingFailed(file: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(messageOf(error))
  if (!('code' in error)) return error
  if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code))) return error
  return new JhubError('JHUB-E209', `No space left on the disk for ${file}`, {
    cause: error,
    fix: `df -h ${path.dirname(file)}   # free up some space, then run the same command again`,
  })
}
