import {JhubError} from '../../../../errors.js'
import type {Files} from '../../../../host/files/files.js'
import {unitMark} from './units.js'

/** Whether jhub wrote the text of a unit. */
export function isOurUnit(text: string): boolean {
  return text.startsWith(unitMark)
}

/** The text of a unit, where there is one. Throws `JHUB-E403` for one that jhub did not write. */
export async function requireOurUnit(files: Files, file: string): Promise<string | undefined> {
  const text = await files.read(file)
  if (text === undefined || isOurUnit(text)) return text
  throw new JhubError('JHUB-E403', `${file} is not jhub's, so it was not changed`, {
    fix: `Move ${file} away, or give the hub another name.`,
  })
}
