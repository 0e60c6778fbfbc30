import {JhubError} from '../../errors.js'
import type {HubContext} from '../../hub/session/hub-context.js'
import type {ValuesText} from '../../hub-spec/import/z2jh/reading/read-values.js'
import {listNames} from '../../jupyterhub/list-names.js'
import {asUtf8File, decodeText} from './decode-text.js'
import {requireOnceEncoded} from './encodings/twice-encoded.js'
import {guessNotes, readText, type TextRead} from './read-text.js'
import {splitNames, type NameList} from './people/split-names.js'
import {splitPasswords} from './people/split-passwords.js'

/** Where it is told what a person must know of the input. */
type Listener = Pick<HubContext, 'onEvent'>

/** Names from the command line; `-` stands for those on standard input. Throws `JHUB-E100`, `JHUB-E103`. */
export async function readNames(listener: Listener, words: readonly string[]): Promise<readonly string[]> {
  const listed = words.includes('-') ? await readNameList(listener) : {names: []}
  const names = words.flatMap((word) => (word === '-' ? listed.names : [word]))
  if (names.length === 0) throw new JhubError('JHUB-E100', 'No names were given', {fix: 'jhub user add ana ben'})
  return names
}

async function readNameList(listener: Listener): Promise<Pick<NameList, 'names'>> {
  const read = await readText('-')
  await requireOnceEncoded(read)
  const {names, notes} = splitNames(read.text, read.name)
  tell(listener, [...guessNotes(read), ...notes])
  return {names}
}

/** Throws `JHUB-E100` when names and passwords are both to come from standard input. */
export function requireOneReader(words: readonly string[], passwordFile: string | undefined): void {
  if (words.includes('-') && passwordFile === '-')
    throw new JhubError('JHUB-E100', 'Names and passwords cannot both come from standard input', {
      fix: 'jhub user add - --password-file FILE < NAMES',
    })
}

/** Passwords from a file, by user; none without a file. Throws `JHUB-E100`, `JHUB-E301`. */
export async function readPasswordFile(
  listener: Listener,
  path: string | undefined,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (path === undefined) return new Map()
  const read = await readText(path, {isSecret: true})
  await requireOnceEncoded(read, {isSecret: true})
  const {passwords, notes} = splitPasswords(read.text, read.name, names)
  if (read.guessed !== undefined) requireAscii(passwords, read.name)
  tell(listener, [...guessNotes(read, {isSecret: true}), ...notes])
  return passwords
}

/** Nobody logs in by a password of which a letter was guessed wrong. */
function requireAscii(passwords: ReadonlyMap<string, string>, source: string): void {
  const people = [...passwords].flatMap(([name, password]) => (/[^\0-\x7F]/.test(password) ? [name] : []))
  if (people.length === 0) return
  throw new JhubError(
    'JHUB-E100',
    `${source} is not UTF-8, so letters in the password of ${listNames(people)} could be read wrong`,
    {
      fix: asUtf8File,
    },
  )
}

/** Values files in the order in which they were typed; `-` is standard input. Throws `JHUB-E100`, `JHUB-E301`. */
export async function readValuesFiles(listener: Listener, paths: readonly string[]): Promise<readonly ValuesText[]> {
  const files: TextRead[] = []
  for (const path of paths) files.push(await readText(path, {isSecret: true}))
  for (const file of files) tell(listener, guessNotes(file, {isSecret: true}))
  return files.map(({name, text}) => ({name, text}))
}

/** The text of somebody else's settings, in any encoding; a guess is told without its words, of which some may be secret. */
export async function decodeSettings(listener: Listener, bytes: Uint8Array, name: string): Promise<string> {
  const decoded = await decodeText(bytes, name, {isSecret: true})
  tell(listener, guessNotes({name, ...decoded}, {isSecret: true}))
  return decoded.text
}

function tell({onEvent}: Listener, notes: readonly string[]): void {
  for (const text of notes) onEvent({type: 'warning', text})
}
