import {JhubError} from '../../errors.js'
import type {LocalFiles} from '../../host/files/files.js'
import {requirePlainFile} from '../../host/files/require-plain-file.js'
import {byteOrderMark, decodeUtf16} from '../../host/files/utf-16.js'

/**
 * The text of a recipe's file, in UTF-8, or in UTF-16 with its byte order mark, as PowerShell writes `pip freeze > FILE` and pip
 * reads it. `undefined` where there is none. Throws `JHUB-E101` for what is no text.
 */
export async function readRecipeText(local: LocalFiles, file: string): Promise<string | undefined> {
  const facts = await requirePlainFile(local, file)
  if (facts === undefined) return undefined
  if (facts.sizeBytes > largestBytes)
    throw new JhubError('JHUB-E101', `${file} is too large for a list of packages`, {fix: `ls -lh ${file}`})
  const bytes = await local.readBytes(file, 0, facts.sizeBytes)
  const order = byteOrderMark(bytes)
  if (order !== undefined) return decodeUtf16(bytes, order)
  if (bytes.includes(0))
    throw new JhubError('JHUB-E101', `${file} is not a text file: it has NUL bytes in it`, {
      fix: `Save ${file} as UTF-8, or name another file`,
    })
  return new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes)
}

const largestBytes = 64 * 1024 ** 2
