import type {LocalFiles} from '../../host/files/files.js'
import {factsBehindLinks} from '../../host/files/require-plain-file.js'

/** The text of a file, named, whose bytes are in whatever encoding. */
export type Decode = (bytes: Uint8Array, name: string) => Promise<string>

/** The text of a file that a person may have saved with any program. `undefined` where there is none. */
export async function readForeignText(files: LocalFiles, file: string, decode: Decode): Promise<string | undefined> {
  const text = await files.read(file)
  if (text === undefined || !/[\0\uFFFD]/.test(text)) return text
  const facts = await factsBehindLinks(files, file)
  return decode(await files.readBytes(file, 0, facts?.sizeBytes ?? 0), file)
}
