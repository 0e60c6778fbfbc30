import {JhubError} from '../../errors.js'
import {questionText, type Asker} from './ask/ask.js'
import {readText} from './read-text.js'

/**
 * A secret of a file, or of standard input for `-`. Throws `JHUB-E301` when the file is not there, `JHUB-E100` where nobody
 * knows which letters it has.
 */
export async function readSecretFile(path: string): Promise<string> {
  const {name, text, guessed} = await readText(path, {isSecret: true})
  if (guessed === undefined) return text
  throw new JhubError('JHUB-E100', `${name} is not UTF-8, so letters of the secret could be read wrong`, {
    fix: 'Save it as UTF-8, then run the same command again',
  })
}

/** Has the person type a secret that is not shown; nothing where nobody can be asked. */
export async function askSecret(
  {isInteractive}: Asker,
  what: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!isInteractive) return undefined
  const {password} = await import('@inquirer/prompts')
  return password(
    {message: questionText(`Type or paste ${what}:`, ' [input is masked]')},
    {signal, output: process.stderr},
  )
}
