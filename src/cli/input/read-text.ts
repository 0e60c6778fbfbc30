import {readFile} from 'node:fs/promises'
import nodePath from 'node:path'
import {buffer} from 'node:stream/consumers'
import {definedOnly} from '../../defined-only.js'
import {JhubError, messageOf} from '../../errors.js'
import {shellWord} from '../../hub-spec/shell-word.js'
import {decodeText} from './decode-text.js'

export interface TextRead {
  /** The path as it was typed, or `standard input`. */
  readonly name: string
  readonly text: string
  /** The encoding that was guessed; absent where the bytes leave no doubt. */
  readonly guessed?: string
}

/**
 * The text of a file, or of standard input for `-`; `isSecret` keeps its words out of messages. Throws `JHUB-E301` when it is
 * not there, `JHUB-E100` when it is no text, or several.
 */
export async function readText(path: string, {isSecret = false} = {}): Promise<TextRead> {
  const name = path === '-' ? 'standard input' : path
  const {text, guessed} = await decodeText(await readBytesOf(path), name, {isSecret})
  return {name, text, ...definedOnly({guessed})}
}

/** The bytes of a file, or of standard input for `-`. Throws `JHUB-E301`, `JHUB-E100`. */
export async function readBytesOf(path: string): Promise<Uint8Array> {
  return path === '-' ? buffer(process.stdin) : readBytes(path)
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new JhubError('JHUB-E301', `There is no file ${path}`, {
        cause: error,
        fix: `ls ${shellWord(nodePath.dirname(path))}`,
      })
    if (code === 'EISDIR') throw new JhubError('JHUB-E100', `${path} is a directory; name a file in it`, {cause: error})
    throw new JhubError('JHUB-E100', `${path} cannot be read: ${messageOf(error)}`, {cause: error})
  }
}

/** What a person must know of a guess: which letters it made. `isSecret`: without them. */
export function guessNotes({name, text, guessed}: TextRead, {isSecret = false} = {}): readonly string[] {
  if (guessed === undefined) return []
  const words = [...new Set(text.match(/[\p{L}\p{M}]*[^\0-\x7F][\p{L}\p{M}]*/gu) ?? [])]
  const some = isSecret ? '' : `: ${[...words.slice(0, 5), ...(words.length > 5 ? ['…'] : [])].join(', ')}`
  return [`${name} is not UTF-8. It was read as ${guessed}${some}. If letters are wrong, save it as UTF-8.`]
}
